package io.hyper2kvm.guest.boot;

import java.util.Collection;

/** What finds the root file system by its name on the kernel command line. */
enum RootFinder {
  /** A program in the initramfs, which knows all stable names. */
  INITRAMFS,
  /** The kernel itself, which knows {@code PARTUUID=} alone. */
  KERNEL,
  /** One or the other: an initramfs is loaded where its file is there, or by a variable. */
  EITHER;

  static RootFinder of(boolean initramfs) {
    return initramfs ? INITRAMFS : KERNEL;
  }

  /** What finds the root file system that several kernels have by one name. */
  static RootFinder ofAll(Collection<RootFinder> finders) {
    return finders.stream().distinct().count() == 1 ? finders.iterator().next() : EITHER;
  }
}
