package io.hyper2kvm.tool;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a line as guestfish reads it, by the rules in its manual: words between blanks; in double
 * quotes backslash escapes, {@code \xNN} among them. Stricter than guestfish where this program
 * never goes: only what it may write is understood.
 */
public final class GuestfishWords {

  private final byte[] line;
  private int at;

  private GuestfishWords(byte[] line) {
    this.line = line;
  }

  /**
   * The words of a line.
   *
   * @throws IllegalArgumentException when guestfish would not read it as whole words
   */
  public static List<String> of(String line) {
    return new GuestfishWords(line.getBytes(StandardCharsets.UTF_8)).words();
  }

  private List<String> words() {
    List<String> words = new ArrayList<>();
    while (at < line.length) {
      if (line[at] == ' ') {
        at++;
      } else if (line[at] == '"') {
        words.add(quoted());
      } else {
        words.add(plain());
      }
    }
    return words;
  }

  private String plain() {
    int start = at;
    while (at < line.length && line[at] != ' ') {
      boolean safe = Character.isLetterOrDigit(line[at]) || line[at] == '-';
      if (!safe) {
        throw new IllegalArgumentException("a bare word with the byte " + line[at]);
      }
      at++;
    }
    return new String(line, start, at - start, StandardCharsets.US_ASCII);
  }

  private String quoted() {
    ByteArrayOutputStream word = new ByteArrayOutputStream();
    at++;
    while (byteAt(at) != '"') {
      if (byteAt(at) < ' ') {
        throw new IllegalArgumentException("a control character within quotes");
      }
      word.write(byteAt(at) == '\\' ? escape() : line[at++]);
    }
    at++;
    if (at < line.length && line[at] != ' ') {
      throw new IllegalArgumentException("a quote must end its word");
    }
    return word.toString(StandardCharsets.UTF_8);
  }

  private int escape() {
    if (byteAt(at + 1) != 'x') {
      throw new IllegalArgumentException("not an escape by hexadecimal digits");
    }
    int value = Character.digit(byteAt(at + 2), 16) * 16 + Character.digit(byteAt(at + 3), 16);
    if (value <= 0) {
      throw new IllegalArgumentException("not an escape of a byte other than NUL");
    }
    at += 4;
    return value;
  }

  private int byteAt(int index) {
    if (index >= line.length) {
      throw new IllegalArgumentException("the quotes are not closed");
    }
    return line[index] & 0xff;
  }
}
