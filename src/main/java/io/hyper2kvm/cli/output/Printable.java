package io.hyper2kvm.cli.output;

import java.time.Duration;
import java.util.List;

/** Text from files and file names as it may stand on a terminal, which acts on some characters. */
public final class Printable {

  private static final int MAX_LENGTH = 2000;

  private Printable() {}

  /** The text in one line; what a terminal would act on is written as its number. */
  public static String line(String raw) {
    StringBuilder shown = new StringBuilder(raw.length());
    int end = raw.length() <= MAX_LENGTH ? raw.length() : raw.offsetByCodePoints(0, MAX_LENGTH / 2);
    for (int i = 0; i < end; ) {
      int codePoint = raw.codePointAt(i);
      i += Character.charCount(codePoint);
      if (isUnsafe(codePoint)) {
        shown.append("\\u").append("%04x".formatted(codePoint));
      } else {
        shown.appendCodePoint(codePoint);
      }
    }
    return end == raw.length() ? shown.toString() : shown.append('…').toString();
  }

  /** The text's own lines, at most so many. */
  public static List<String> lines(String raw, int most) {
    return raw.lines().limit(most).map(Printable::line).toList();
  }

  private static boolean isUnsafe(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          // Directions and joiners, which can make a name look like another one.
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }

  /** {@code 0:02:11}; what is negative, by a clock that was set, is none. */
  public static String time(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    return "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
  }
}
