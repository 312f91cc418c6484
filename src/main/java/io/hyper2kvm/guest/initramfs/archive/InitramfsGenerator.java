package io.hyper2kvm.guest.initramfs.archive;

import java.util.List;
import java.util.NavigableMap;
import java.util.function.Predicate;

/** The program that made an initramfs. */
public enum InitramfsGenerator {
  /** Debian and its kin. */
  INITRAMFS_TOOLS,
  /** Fedora, SUSE and their kin, and lately some Debian kin. */
  DRACUT,
  /** Arch. */
  MKINITCPIO,
  /** Alpine. */
  MKINITFS,
  /** Arch and its kin, as an alternative. */
  BOOSTER,
  /** Debian, as an alternative. */
  TINY_INITRAMFS,
  /** None of these. */
  UNKNOWN;

  private static final List<String> OTHERS = List.of("bin", "usr", "lib", "sbin", "etc");

  static InitramfsGenerator of(NavigableMap<String, InitramfsEntry> entries) {
    if (entries.containsKey("conf/initramfs.conf") || entries.containsKey("conf/arch.conf")) {
      return INITRAMFS_TOOLS;
    }
    if (entries.containsKey("etc/booster.init.yaml")) {
      return BOOSTER;
    }
    if (holdsBelow(entries, "usr/lib/dracut/") || holdsBelow(entries, "lib/dracut/")) {
      return DRACUT;
    }
    if (entries.containsKey("buildconfig")
        || entries.containsKey("init_functions")
        || entries.containsKey("usr/lib/initcpio/functions")) {
      return MKINITCPIO;
    }
    if (entries.containsKey(".modloop")
        || entries.containsKey("sbin/nlplug-findfs")
        || entries.containsKey("usr/sbin/nlplug-findfs")
        || entries.containsKey("etc/apk/repositories")
        || holdsBelow(entries, "lib/mdev/")) {
      return MKINITFS;
    }
    return isTiny(entries) ? TINY_INITRAMFS : UNKNOWN;
  }

  /** An init of its own with the folder of the new root, and no program or library beside it. */
  private static boolean isTiny(NavigableMap<String, InitramfsEntry> entries) {
    return isOf(entries, "init", InitramfsEntry::isRegular)
        && isOf(entries, "target", InitramfsEntry::isDirectory)
        && OTHERS.stream().noneMatch(entries::containsKey);
  }

  private static boolean isOf(
      NavigableMap<String, InitramfsEntry> entries, String path, Predicate<InitramfsEntry> type) {
    InitramfsEntry entry = entries.get(path);
    return entry != null && type.test(entry);
  }

  private static boolean holdsBelow(NavigableMap<String, InitramfsEntry> entries, String prefix) {
    String next = entries.higherKey(prefix);
    return next != null && next.startsWith(prefix);
  }
}
