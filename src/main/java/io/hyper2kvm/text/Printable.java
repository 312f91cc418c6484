package io.hyper2kvm.text;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/**
 * Text from outside (a file's name, a header, a guest, a tool) as it may stand in a message, a log,
 * a report or on a terminal. What is unsafe is decided here alone. Most forms write an unsafe
 * character as its number; those for whole texts of a guest, which reports hold as JSON, put U+FFFD
 * in its place.
 */
public final class Printable {

  /** Of a value within a message, in characters. */
  private static final int LONGEST_VALUE = 300;

  /** Of a line of its own, in characters. */
  private static final int LONGEST_LINE = 2000;

  /** Of a guest's or a tool's text, in characters. */
  private static final int LONGEST_TEXT = 4000;

  private static final int MOST_NAMES = 10;
  private static final int REPLACEMENT = 0xfffd;

  private Printable() {}

  /** Whether a terminal or a log would act on the character, or a reader be misled by it. */
  public static boolean isUnsafe(int codePoint) {
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

  /** The character itself, or its number as {@code \\uXXXX} when it is unsafe. */
  public static String character(int codePoint) {
    return isUnsafe(codePoint) ? "\\u%04x".formatted(codePoint) : Character.toString(codePoint);
  }

  /** A value in one line of a message, at most 300 characters of it. */
  public static String of(String text) {
    return line(text, LONGEST_VALUE);
  }

  /** A file's name with its folders, as a value in a message. */
  public static String of(Path path) {
    return of(path.toString());
  }

  /** A line of its own, at most 2000 characters of it. */
  public static String line(String text) {
    return line(text, LONGEST_LINE);
  }

  /**
   * One line.
   *
   * @param most characters that are shown; an ellipsis stands for the rest
   */
  public static String line(String text, int most) {
    String shown = shown(text, most, c -> false, Printable::character);
    return text.codePointCount(0, text.length()) > most ? shown + '…' : shown;
  }

  /** The text's own lines, at most so many. */
  public static List<String> lines(String text, int most) {
    return text.lines().limit(most).map(Printable::line).toList();
  }

  /** Names in one line, the first ten of them. */
  public static String names(Collection<String> names) {
    if (names.isEmpty()) {
      return "nothing";
    }
    String first =
        names.stream().limit(MOST_NAMES).map(Printable::of).collect(Collectors.joining(", "));
    int more = names.size() - MOST_NAMES;
    return more > 0 ? "%s and %d more".formatted(first, more) : first;
  }

  /** A guest's text in one line, where tabs stay; at most 4000 characters of it. */
  public static String guestLine(String text) {
    return shown(text, LONGEST_TEXT, c -> c == '\t', c -> Character.toString(REPLACEMENT));
  }

  /** The same in its own lines. */
  public static String guestText(String text) {
    return shown(
        text, LONGEST_TEXT, c -> c == '\t' || c == '\n', c -> Character.toString(REPLACEMENT));
  }

  /**
   * A guest's text of one character per byte, as it was meant if it is UTF-8, in one line: inner
   * line ends become {@code \\n}, trailing ones go.
   */
  public static String guestBytes(String bytesAsText) {
    String text =
        new String(bytesAsText.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    return guestLine(text.stripTrailing().replace("\r\n", "\n").replace("\n", "\\n"));
  }

  /**
   * A whole text, with another character in the place of each unsafe one; line ends stay.
   *
   * @param replacement a safe one
   */
  public static String replaced(String text, char replacement) {
    return shown(text, Integer.MAX_VALUE, c -> c == '\n', c -> Character.toString(replacement));
  }

  private static String shown(
      String text, int most, IntPredicate kept, IntFunction<String> unsafe) {
    StringBuilder shown = new StringBuilder(Math.min(text.length(), most) + 8);
    text.codePoints()
        .limit(most)
        .forEach(
            c -> {
              if (isUnsafe(c) && !kept.test(c)) {
                shown.append(unsafe.apply(c));
              } else {
                shown.appendCodePoint(c);
              }
            });
    return shown.toString();
  }
}
