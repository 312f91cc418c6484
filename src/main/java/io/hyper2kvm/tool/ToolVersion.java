package io.hyper2kvm.tool;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program's version; later numbers do not matter here.
 *
 * @param major the first number
 * @param minor the second number
 */
public record ToolVersion(int major, int minor) {

  private static final Pattern FORM = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})");

  /** The first version in what {@code --version} printed. */
  public static Optional<ToolVersion> in(String text) {
    Matcher found = FORM.matcher(text);
    return found.find()
        ? Optional.of(
            new ToolVersion(Integer.parseInt(found.group(1)), Integer.parseInt(found.group(2))))
        : Optional.empty();
  }

  /** Whether it is that one or a later one. */
  public boolean isAtLeast(ToolVersion other) {
    return major > other.major || major == other.major && minor >= other.minor;
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
