package io.hyper2kvm.guest.distribution;

import java.util.List;

/** What builds the initramfs of a guest's kernels. */
public enum InitramfsTool {
  /** Debian's. */
  INITRAMFS_TOOLS("initramfs-tools", List.of("/usr/sbin/update-initramfs")),
  /** That of Red Hat, SUSE and Photon. */
  DRACUT("dracut", List.of("/usr/bin/dracut", "/usr/sbin/dracut", "/sbin/dracut")),
  /** Arch's. */
  MKINITCPIO("mkinitcpio", List.of("/usr/bin/mkinitcpio", "/sbin/mkinitcpio")),
  /** Alpine's. */
  MKINITFS("mkinitfs", List.of("/sbin/mkinitfs", "/usr/sbin/mkinitfs")),
  /** Arch's other one. */
  BOOSTER("booster", List.of("/usr/bin/booster")),
  /** Debian's other one. */
  TINY_INITRAMFS("tiny-initramfs", List.of("/usr/sbin/update-tirfs", "/usr/sbin/mktirfs"));

  private final String tool;
  private final List<String> programs;

  InitramfsTool(String tool, List<String> programs) {
    this.tool = tool;
    this.programs = programs;
  }

  /** Its name in reports. */
  public String tool() {
    return tool;
  }

  /** Where its program lies; one of these is enough. */
  public List<String> programs() {
    return programs;
  }
}
