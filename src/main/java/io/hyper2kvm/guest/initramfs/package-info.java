/**
 * Reads a Linux initramfs as the kernel would unpack it, and builds the one archive that, appended
 * to it, adds the virtio drivers. What belongs to other guest files, and everything that runs a
 * tool or touches a disk, stays out.
 */
package io.hyper2kvm.guest.initramfs;
