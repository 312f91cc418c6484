package io.hyper2kvm.guest.edit;

import java.util.Arrays;

/** Where the lines of a text stand; they end with LF or CR LF. */
final class TextLines {

  private final String text;
  private final int[] starts;

  TextLines(String text) {
    this.text = text;
    this.starts = new int[(int) text.chars().filter(c -> c == '\n').count() + 1];
    int line = 1;
    for (int i = 0; i < text.length() && line < starts.length; i++) {
      if (text.charAt(i) == '\n') {
        starts[line++] = i + 1;
      }
    }
  }

  /** How many lines there are; what follows the last line ending is one only if it has text. */
  int count() {
    int last = starts.length - 1;
    return starts[last] == text.length() ? last : last + 1;
  }

  /** Offset of the first character of line {@code index}, from 0. */
  int start(int index) {
    return starts[index];
  }

  /** Offset behind the last character of line {@code index}, without its line ending. */
  int end(int index) {
    if (index + 1 == starts.length) {
      return text.length();
    }
    int end = starts[index + 1] - 1;
    return end > starts[index] && text.charAt(end - 1) == '\r' ? end - 1 : end;
  }

  /** Offset behind the line ending of line {@code index}. */
  int next(int index) {
    return index + 1 < starts.length ? starts[index + 1] : text.length();
  }

  /** The index of the line that an offset lies in. */
  int indexAt(int offset) {
    int found = Arrays.binarySearch(starts, offset);
    return found >= 0 ? found : -found - 2;
  }
}
