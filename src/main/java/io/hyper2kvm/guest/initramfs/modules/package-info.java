/**
 * Kernel modules: what a kernel has, what an initramfs holds of it, and the indexes that modprobe
 * reads.
 */
package io.hyper2kvm.guest.initramfs.modules;
