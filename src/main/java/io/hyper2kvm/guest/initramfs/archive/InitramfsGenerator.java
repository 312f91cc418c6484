package io.hyper2kvm.guest.initramfs.archive;

import java.util.NavigableMap;

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
  /** None of these. */
  UNKNOWN;

  static InitramfsGenerator of(NavigableMap<String, InitramfsEntry> entries) {
    if (entries.containsKey("conf/initramfs.conf") || entries.containsKey("conf/arch.conf")) {
      return INITRAMFS_TOOLS;
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
    return UNKNOWN;
  }

  private static boolean holdsBelow(NavigableMap<String, InitramfsEntry> entries, String prefix) {
    String next = entries.higherKey(prefix);
    return next != null && next.startsWith(prefix);
  }
}
