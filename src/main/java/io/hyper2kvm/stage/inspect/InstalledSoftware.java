package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.guest.boot.BootFile;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** What a Linux guest boots with, told by the files it has. */
final class InstalledSoftware {

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

  /** What makes the initramfs in this guest; empty when it is none that is known. */
  static String initramfsTool(GuestfishAnswers answers) {
    if (answers.isTrue("is:/usr/sbin/update-initramfs")) {
      return "initramfs-tools";
    }
    if (answers.isTrue("is:/usr/bin/dracut") || answers.isTrue("is:/usr/sbin/dracut")) {
      return "dracut";
    }
    if (answers.isTrue("is:/usr/bin/mkinitcpio")) {
      return "mkinitcpio";
    }
    if (answers.isTrue("is:/sbin/mkinitfs")) {
      return "mkinitfs";
    }
    if (answers.isTrue("is:/usr/bin/booster")) {
      return "booster";
    }
    return answers.isTrue("is:/usr/sbin/update-tirfs") ? "tiny-initramfs" : "";
  }

  /** Whether systemd is the guest's init. */
  static boolean hasSystemd(GuestfishAnswers answers) {
    return answers.isTrue("is:/lib/systemd/systemd")
        || answers.isTrue("is:/usr/lib/systemd/systemd");
  }
}
