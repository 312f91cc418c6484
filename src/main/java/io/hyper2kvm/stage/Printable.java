package io.hyper2kvm.stage;

import java.nio.charset.StandardCharsets;

/** Makes a guest's text fit to be shown: no control characters, no terminal escapes, bounded. */
public final class Printable {

  private static final int MAX_CHARS = 4000;

  private Printable() {}

  /** One line: every control character becomes U+FFFD. */
  public static String line(String text) {
    return clean(text, false);
  }

  /** Several lines: line ends stay. */
  public static String text(String text) {
    return clean(text, true);
  }

  /**
   * A text of one character per byte, as it was meant if it is UTF-8, on one line: inner line ends
   * become {@code \\n}, trailing ones go.
   */
  public static String fromBytes(String bytesAsText) {
    String text =
        new String(bytesAsText.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    return line(text.stripTrailing().replace("\r\n", "\n").replace("\n", "\\n"));
  }

  private static String clean(String text, boolean keepLineEnds) {
    StringBuilder clean = new StringBuilder();
    text.codePoints()
        .limit(MAX_CHARS)
        .forEach(
            c -> {
              boolean kept = c == '\t' || (keepLineEnds && c == '\n');
              boolean unsafe =
                  switch (Character.getType(c)) {
                    case Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR ->
                        true;
                    default -> false;
                  };
              clean.appendCodePoint(unsafe && !kept ? 0xfffd : c);
            });
    return clean.toString();
  }
}
