package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.guestfish.GuestfishAnswers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a Linux guest boots with, told by the files it has. */
final class InstalledSoftware {

  private static final Pattern KERNEL_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+~-]{0,100}");

  private InstalledSoftware() {}

  /** The boot loader, told by its configuration; the names are those of {@link GuestFacts}. */
  static String bootLoader(Set<String> files) {
    if (files.contains("/boot/grub/grub.cfg") || files.contains("/boot/grub2/grub.cfg")) {
      return "grub2";
    }
    if (files.contains("/boot/grub/menu.lst") || files.contains("/boot/grub/grub.conf")) {
      return "grub-legacy";
    }
    if (files.stream().anyMatch(file -> file.contains("/loader/entries/"))) {
      return "systemd-boot";
    }
    if (files.contains("/boot/extlinux/extlinux.conf")
        || files.contains("/boot/syslinux/syslinux.cfg")) {
      return "extlinux";
    }
    return "none";
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
    return answers.isTrue("is:/sbin/mkinitfs") ? "mkinitfs" : "";
  }

  /** Whether systemd is the guest's init. */
  static boolean hasSystemd(GuestfishAnswers answers) {
    return answers.isTrue("is:/lib/systemd/systemd")
        || answers.isTrue("is:/usr/lib/systemd/systemd");
  }

  /** The kernels that have both an image and modules. */
  static List<GuestFacts.Kernel> kernels(GuestfishAnswers answers) {
    List<String> boot = answers.lines("boot");
    List<GuestFacts.Kernel> kernels = new ArrayList<>();
    for (String version : answers.lines("modules")) {
      if (!KERNEL_NAME.matcher(version).matches()) {
        continue;
      }
      Optional<String> image =
          first(boot, "vmlinuz-" + version, "vmlinux-" + version, "kernel-" + version);
      Optional<String> initramfs =
          first(
              boot,
              "initrd.img-" + version,
              "initramfs-" + version + ".img",
              "initrd-" + version,
              "initramfs-" + version);
      image.ifPresent(
          name ->
              kernels.add(
                  new GuestFacts.Kernel(
                      version, "/boot/" + name, initramfs.map("/boot/"::concat).orElse(""))));
    }
    return kernels;
  }

  private static Optional<String> first(List<String> names, String... wanted) {
    return List.of(wanted).stream().filter(names::contains).findFirst();
  }
}
