package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.guest.boot.BootFile;
import io.hyper2kvm.guest.distribution.InitramfsTool;
import io.hyper2kvm.guest.distribution.NetworkSettings;
import io.hyper2kvm.guest.distribution.PackageDatabase;
import io.hyper2kvm.guest.distribution.Release;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** What a Linux guest boots with, told by the files it has. */
final class InstalledSoftware {

  private static final String PLUGIN_NAME =
      NetworkSettings.IFCFG_PLUGIN.substring(NetworkSettings.IFCFG_PLUGIN.lastIndexOf('/') + 1);

  private InstalledSoftware() {}

  /**
   * The boot loader, told by its configuration; the names are those of {@link GuestFacts}.
   *
   * @param hasLoader whether there is one, or a kernel, even without a known configuration
   */
  static String bootLoader(Set<String> files, boolean hasLoader) {
    Set<String> names = new HashSet<>();
    Set<BootFile> kinds = EnumSet.noneOf(BootFile.class);
    for (String file : files) {
      if (BootFile.isEntry(file)) {
        names.add(file.substring(file.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT));
        kinds.add(BootFile.of(file).orElseThrow());
      }
    }
    if (names.contains("grub.cfg")) {
      return "grub2";
    }
    if (kinds.contains(BootFile.GRUB_CONFIG)) {
      return "grub-legacy";
    }
    if (kinds.contains(BootFile.BLS_ENTRY) || kinds.contains(BootFile.UNIFIED_KERNEL)) {
      return "systemd-boot";
    }
    if (kinds.contains(BootFile.SYSLINUX)) {
      return "extlinux";
    }
    if (kinds.contains(BootFile.REFIND) || kinds.contains(BootFile.REFIND_LINUX)) {
      return "refind";
    }
    if (kinds.contains(BootFile.LILO)) {
      return "lilo";
    }
    return hasLoader ? "unknown" : "none";
  }

  /** Whether {@code /boot} has a kernel, with modules or without. */
  static boolean hasKernelImage(GuestfishAnswers answers) {
    return answers.lines("boot").stream()
        .anyMatch(
            name ->
                name.startsWith("vmlinu")
                    || name.startsWith("kernel-")
                    || name.startsWith("bzImage"));
  }

  /**
   * What makes the initramfs in this guest, its distribution's own tool before others; empty when
   * it is none that is known.
   */
  static String initramfsTool(GuestfishAnswers answers, Release release) {
    return Stream.concat(
            release.family().initramfsTools().stream(), Stream.of(InitramfsTool.values()))
        .filter(tool -> tool.programs().stream().anyMatch(file -> answers.isTrue("is:" + file)))
        .map(InitramfsTool::tool)
        .findFirst()
        .orElse("");
  }

  /** Where its package manager keeps what is installed; empty when that is not known. */
  static String packageDatabase(GuestfishAnswers answers, Release release) {
    return Stream.concat(
            release.family().packageDatabases().stream(), Stream.of(PackageDatabase.values()))
        .filter(form -> form.files().stream().anyMatch(file -> answers.isTrue("is:" + file)))
        .map(PackageDatabase::form)
        .findFirst()
        .orElse("");
  }

  /** The programs and files whose presence tells what the guest is made of. */
  static List<String> markers() {
    return Stream.of(
            Stream.of(InitramfsTool.values()).flatMap(tool -> tool.programs().stream()),
            Stream.of(PackageDatabase.values()).flatMap(form -> form.files().stream()),
            Stream.of(NetworkSettings.values()).flatMap(kind -> kind.readers().stream()),
            Stream.of("/lib/systemd/systemd", "/usr/lib/systemd/systemd"))
        .flatMap(files -> files)
        .distinct()
        .toList();
  }

  /** The files of what reads the network's settings that the guest has. */
  static List<String> networkReaders(GuestfishAnswers answers) {
    boolean plugin =
        answers.lines(NetworkSettings.PLUGINS).stream()
            .anyMatch(line -> line.endsWith("/" + PLUGIN_NAME) || line.equals(PLUGIN_NAME));
    return Stream.of(NetworkSettings.values())
        .flatMap(kind -> kind.readers().stream())
        .filter(
            file ->
                answers.isTrue("is:" + file) || plugin && file.equals(NetworkSettings.IFCFG_PLUGIN))
        .distinct()
        .toList();
  }

  /** Whether systemd is the guest's init. */
  static boolean hasSystemd(GuestfishAnswers answers) {
    return answers.isTrue("is:/lib/systemd/systemd")
        || answers.isTrue("is:/usr/lib/systemd/systemd");
  }
}
