/**
 * An initramfs as a file: its compressed segments and archives, read within limits and written.
 * What a module is, is not known here.
 */
package io.hyper2kvm.guest.initramfs.archive;
