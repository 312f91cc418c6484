package io.hyper2kvm.image;

import java.nio.file.Path;
import java.util.Collection;
import java.util.stream.Collectors;

/** Text from an image made fit for one line of a message or a log. */
public final class Printable {

  private static final int LONGEST = 300;
  private static final int MOST_NAMES = 10;

  private Printable() {}

  /** Control characters become {@code \\uXXXX}; what is longer than 300 characters is cut. */
  public static String of(String text) {
    StringBuilder out = new StringBuilder();
    int end = Math.min(text.length(), LONGEST);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      // Surrogates stay only in pairs; format characters could turn the direction of the line.
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < end
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (pair) {
        out.append(c).append(text.charAt(++i));
      } else if (Character.isISOControl(c)
          || Character.isSurrogate(c)
          || Character.getType(c) == Character.FORMAT
          || Character.getType(c) == Character.LINE_SEPARATOR
          || Character.getType(c) == Character.PARAGRAPH_SEPARATOR) {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    return text.length() > LONGEST ? out.append("…").toString() : out.toString();
  }

  /** A file's name with its folders. */
  public static String of(Path path) {
    return of(path.toString());
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
}
