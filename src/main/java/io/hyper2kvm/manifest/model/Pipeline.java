package io.hyper2kvm.manifest.model;

import java.util.Objects;

/**
 * The five stages of one VM, with every default filled in.
 *
 * @param load the source
 * @param inspect whether the guest is looked into
 * @param fix what is changed in the guest
 * @param convert the output
 * @param validate what is checked afterwards
 */
public record Pipeline(
    LoadSpec load, InspectSpec inspect, FixSpec fix, ConvertSpec convert, ValidateSpec validate) {

  public Pipeline {
    Objects.requireNonNull(load, "load");
    Objects.requireNonNull(inspect, "inspect");
    Objects.requireNonNull(fix, "fix");
    Objects.requireNonNull(convert, "convert");
    Objects.requireNonNull(validate, "validate");
  }

  /**
   * Whether the guest must be looked into: because that, or a fix, was asked for, or because a boot
   * test must know its firmware and its boot disk.
   */
  public boolean needsGuest() {
    boolean bootTest = validate.enabled() && validate.bootTest();
    return inspect.requested() || fix.any() || (bootTest && !inspect.disabled());
  }
}
