/**
 * Kernel modules: those of a kernel, those in an initramfs, and the indexes that modprobe reads.
 */
package io.hyper2kvm.guest.initramfs.modules;
