package io.hyper2kvm.guest.selinux;

import java.util.Objects;
import java.util.Optional;

/**
 * What a policy's contexts say of a file.
 *
 * @param label the label; empty when there is none, or it is not known
 * @param known false when it could not be decided
 * @param reason the file and line that decide, or why nothing does
 */
public record PolicyLabel(Optional<SecurityContext> label, boolean known, String reason) {

  public PolicyLabel {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(reason, "reason");
    if (label.isPresent() && !known) {
      throw new IllegalArgumentException("a label that is not known");
    }
  }

  static PolicyLabel found(SecurityContext label, String place) {
    return new PolicyLabel(Optional.of(label), true, place);
  }

  /** The policy leaves the file to the kernel, which takes the folder's label. */
  static PolicyLabel none(String reason) {
    return new PolicyLabel(Optional.empty(), true, reason);
  }

  static PolicyLabel unknown(String reason) {
    return new PolicyLabel(Optional.empty(), false, reason);
  }
}
