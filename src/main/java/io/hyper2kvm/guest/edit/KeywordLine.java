package io.hyper2kvm.guest.edit;

/**
 * The first word of a line in a boot loader's configuration and what follows it.
 *
 * @param keyword the word; empty for an empty line
 * @param rest offset of the first character behind the word
 * @param end offset behind the line, without its line ending
 */
public record KeywordLine(String keyword, int rest, int end) {

  /** Longer words are no keyword of any boot loader. */
  private static final int MAX_KEYWORD = 32;

  public static KeywordLine of(TextEdit edit, int line) {
    String text = edit.text();
    int end = edit.lineEnd(line);
    int start = edit.lineStart(line);
    while (start < end && (text.charAt(start) == ' ' || text.charAt(start) == '\t')) {
      start++;
    }
    int rest = start;
    while (rest < end && text.charAt(rest) != ' ' && text.charAt(rest) != '\t') {
      rest++;
    }
    return new KeywordLine(text.substring(start, Math.min(rest, start + MAX_KEYWORD)), rest, end);
  }
}
