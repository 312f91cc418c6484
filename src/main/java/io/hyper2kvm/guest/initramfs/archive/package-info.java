/**
 * An initramfs as a file: its compressed segments and archives, read within limits and written.
 * This package does not know kernel modules.
 */
package io.hyper2kvm.guest.initramfs.archive;
