/**
 * What makes a guest's own tool include the virtio drivers when it builds the next initramfs: a
 * line or a file of its configuration. The initramfs that is there is not changed here.
 */
package io.hyper2kvm.guest.initramfs.dropin;
