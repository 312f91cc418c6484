package io.hyper2kvm.manifest.model;

/** The former hypervisor's tools are to be taken out of the guest; this fix has no settings. */
public record GuestToolsFix() {}
