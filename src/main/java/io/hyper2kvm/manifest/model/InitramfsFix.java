package io.hyper2kvm.manifest.model;

/**
 * Every initramfs is to be made ready for virtio.
 *
 * @param regenerate whether what is missing is put in; otherwise it is only reported
 */
public record InitramfsFix(boolean regenerate) {}
