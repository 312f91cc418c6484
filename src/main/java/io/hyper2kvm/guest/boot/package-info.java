/**
 * Boot configuration: kernel command lines, GRUB's files, boot loader entries, extlinux, and boot
 * sectors. Only lines that name devices change.
 */
package io.hyper2kvm.guest.boot;
