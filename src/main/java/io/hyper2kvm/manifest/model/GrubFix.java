package io.hyper2kvm.manifest.model;

/**
 * The boot loader's configuration is to be repaired.
 *
 * @param serialConsole whether the guest also gets a console on its first serial port
 */
public record GrubFix(boolean serialConsole) {}
