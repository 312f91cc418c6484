package io.hyper2kvm.guest.selinux;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A label: user, role and type, with a range of levels where the policy has levels.
 *
 * @param value as it stands in the attribute {@code security.selinux}, without the NUL at its end
 */
public record SecurityContext(String value) {

  /** The attribute that holds it. */
  public static final String ATTRIBUTE = "security.selinux";

  private static final Pattern FORM =
      Pattern.compile("[\\w.-]{1,64}:[\\w.-]{1,64}:[\\w.-]{1,128}(:[\\w.,:-]{1,512})?");

  public SecurityContext {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not a security context");
    }
  }

  /** Reads a label; empty when the text is none. */
  public static Optional<SecurityContext> of(String text) {
    String value = text.endsWith("\0") ? text.substring(0, text.length() - 1) : text;
    return FORM.matcher(value).matches()
        ? Optional.of(new SecurityContext(value))
        : Optional.empty();
  }

  /** The type, which decides about nearly everything. */
  public String type() {
    return value.split(":", 4)[2];
  }

  /** Whether it has a range of levels: all labels of one policy have, or none. */
  public boolean hasRange() {
    return value.split(":", 4).length == 4;
  }

  /** Its length as an attribute, in bytes: with the NUL that the guest's tools write, too. */
  public int attributeLength() {
    return value.length() + 1;
  }

  @Override
  public String toString() {
    return value;
  }
}
