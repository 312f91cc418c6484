package io.hyper2kvm.text;

import java.util.Objects;

/**
 * A simple pattern: {@code *} stands for any characters, {@code ?} for one, and every other
 * character for itself.
 *
 * @param pattern as it is written
 */
public record Glob(String pattern) {

  public Glob {
    Objects.requireNonNull(pattern, "pattern");
  }

  /** Whether the whole text fits; the time is bounded by the product of both lengths. */
  public boolean matches(String text) {
    int at = 0;
    int in = 0;
    int star = -1;
    int retry = 0;
    while (in < text.length()) {
      char wanted = at < pattern.length() ? pattern.charAt(at) : '\0';
      if (at < pattern.length() && wanted == '*') {
        star = at++;
        retry = in;
      } else if (at < pattern.length() && (wanted == '?' || wanted == text.charAt(in))) {
        at++;
        in++;
      } else if (star >= 0) {
        at = star + 1;
        in = ++retry;
      } else {
        return false;
      }
    }
    while (at < pattern.length() && pattern.charAt(at) == '*') {
      at++;
    }
    return at == pattern.length();
  }

  @Override
  public String toString() {
    return pattern;
  }
}
