package io.hyper2kvm.manifest;

/** The former hypervisor's tools are to be taken out of the guest; this fix has no settings. */
public record GuestToolsFix() {}
