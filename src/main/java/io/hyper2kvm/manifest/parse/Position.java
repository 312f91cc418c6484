package io.hyper2kvm.manifest.parse;

/**
 * A place in a manifest's text.
 *
 * @param line from 1
 * @param column from 1
 */
public record Position(int line, int column) {

  public static final Position START = new Position(1, 1);

  /** The place of a character of the text, given by its index. */
  static Position of(CharSequence text, int index) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < index; i++) {
      if (text.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return new Position(line, index - lineStart + 1);
  }
}
