/**
 * The tables that name devices to mount, unlock or resume from: fstab, crypttab, the initramfs's
 * resume file.
 */
package io.hyper2kvm.guest.fstab;
