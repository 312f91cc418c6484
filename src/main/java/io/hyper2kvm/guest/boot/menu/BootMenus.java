package io.hyper2kvm.guest.boot.menu;

import io.hyper2kvm.guest.boot.BootFile;
import io.hyper2kvm.guest.boot.GrubConfig;
import io.hyper2kvm.guest.boot.GrubEnv;
import io.hyper2kvm.guest.boot.LoaderSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which menu a guest's boot loader shows, by the files that it has.
 *
 * @param menu the menu; empty when it is not one that is known
 * @param refusal why there is none; empty when there is one
 */
record BootMenus(Optional<BootMenu> menu, String refusal) {

  /**
   * The menu of a guest.
   *
   * @param files the guest's files by path
   * @param releases the keys of the os-release inside each unified image, by its path
   */
  static BootMenus of(Map<String, String> files, Map<String, Map<String, String>> releases) {
    SortedMap<String, String> texts = new TreeMap<>(files);
    List<String> grub =
        texts.keySet().stream()
            .filter(file -> is(file, BootFile.GRUB_CONFIG) && BootFile.isEntry(file))
            .filter(file -> isMenu(texts.get(file)))
            .toList();
    List<String> newer = grub.stream().filter(file -> !BootFile.isLegacy(file)).toList();
    List<String> menus = newer.isEmpty() ? grub : newer;
    if (menus.size() > 1) {
      return none("it has %d menus of GRUB, not one".formatted(menus.size()));
    }
    if (!menus.isEmpty()) {
      String file = menus.get(0);
      if (BootFile.isLegacy(file)) {
        return some(new LegacyMenu(file, texts));
      }
      return some(
          GrubConfig.loads(texts.get(file)).blsEntries()
              ? new GrubLoaderEntries(file, texts)
              : new GrubMenu(file, texts));
    }
    if (has(texts, BootFile.BLS_ENTRY) || has(texts, BootFile.UNIFIED_KERNEL)) {
      return some(new SystemdBootMenu(texts, releases));
    }
    List<String> syslinux = SyslinuxLines.outermost(texts);
    if (syslinux.size() == 1) {
      return some(new SyslinuxMenu(syslinux.get(0), texts));
    }
    return syslinux.isEmpty()
        ? none(
            LoaderSettings.refusal(texts)
                .orElse("it has 0 menus of GRUB, not one, and none of systemd-boot or syslinux"))
        : none("it has several menus of syslinux: " + String.join(", ", syslinux));
  }

  private static BootMenus some(BootMenu menu) {
    return new BootMenus(Optional.of(menu), "");
  }

  private static BootMenus none(String why) {
    return new BootMenus(Optional.empty(), why);
  }

  private static boolean has(SortedMap<String, String> texts, BootFile kind) {
    return texts.keySet().stream().anyMatch(file -> is(file, kind));
  }

  private static boolean is(String file, BootFile kind) {
    return BootFile.of(file).equals(Optional.of(kind));
  }

  private static boolean isMenu(String config) {
    GrubConfig.Loads loads = GrubConfig.loads(config);
    return loads.kernels() || loads.blsEntries();
  }

  /**
   * GRUB's environment block, if there is exactly one. One that says that the values are in a block
   * of the file system's own ({@code env_block}, of btrfs) does not have them.
   */
  static Optional<String> environmentBlock(SortedMap<String, String> texts) {
    List<String> blocks =
        texts.keySet().stream()
            .filter(file -> is(file, BootFile.GRUB_ENVIRONMENT))
            .filter(file -> !file.equals(DefaultKernel.PHOTON))
            .toList();
    return blocks.size() == 1 && GrubEnv.value(texts.get(blocks.get(0)), "env_block").isEmpty()
        ? Optional.of(blocks.get(0))
        : Optional.empty();
  }
}
