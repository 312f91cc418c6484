/**
 * Reads a Linux initramfs as the kernel would unpack it, and builds the one archive that, appended
 * to it, adds the virtio drivers. Changes of other guest files, and code that runs a tool or
 * touches a disk, do not belong here.
 */
package io.hyper2kvm.guest.initramfs;
