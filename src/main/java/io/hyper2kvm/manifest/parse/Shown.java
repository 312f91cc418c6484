package io.hyper2kvm.manifest.parse;

/** Text from a manifest as it may stand in a message, a log or a terminal. */
public final class Shown {

  private static final int MAX_LENGTH = 80;

  private Shown() {}

  /** At most 80 characters, and none that a terminal would act on. */
  public static String text(String raw) {
    StringBuilder shown = new StringBuilder(Math.min(raw.length(), MAX_LENGTH) + 8);
    int used = 0;
    for (int i = 0; i < raw.length(); ) {
      if (used == MAX_LENGTH) {
        return shown.append('…').toString();
      }
      int codePoint = raw.codePointAt(i);
      append(shown, codePoint);
      i += Character.charCount(codePoint);
      used++;
    }
    return shown.toString();
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
                default -> append(pointer, codePoint);
              }
            });
  }

  /** Whether a terminal or a log would act on the character instead of showing it. */
  public static boolean isUnsafe(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      // The bidirectional controls, which can make a path look like another one.
      case Character.FORMAT ->
          codePoint >= 0x202A && codePoint <= 0x202E
              || codePoint >= 0x2066 && codePoint <= 0x2069
              || codePoint == 0xFEFF;
      default -> false;
    };
  }

  private static void append(StringBuilder shown, int codePoint) {
    if (isUnsafe(codePoint)) {
      shown.append("\\u").append("%04x".formatted(codePoint));
    } else {
      shown.appendCodePoint(codePoint);
    }
  }
}
