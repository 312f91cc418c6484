package io.hyper2kvm.manifest.parse;

import io.hyper2kvm.text.Printable;

/** Text from a manifest as it may stand in a message, a log or a terminal. */
public final class Shown {

  private static final int MAX_LENGTH = 80;

  private Shown() {}

  /** At most 80 characters, and none that a terminal would act on. */
  public static String text(String raw) {
    return Printable.line(raw, MAX_LENGTH);
  }

  public static String quoted(String raw) {
    return '"' + text(raw) + '"';
  }

  /** One step of a JSON pointer, escaped as RFC 6901 says and without control characters. */
  static void appendStep(StringBuilder pointer, String key) {
    pointer.append('/');
    key.codePoints()
        .forEach(
            codePoint -> {
              switch (codePoint) {
                case '~' -> pointer.append("~0");
                case '/' -> pointer.append("~1");
                default -> pointer.append(Printable.character(codePoint));
              }
            });
  }
}
