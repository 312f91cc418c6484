package io.hyper2kvm.guest.boot.menu;

import java.util.ArrayList;
import java.util.List;

/** The words of a line as GRUB and the shell read them; nothing is expanded. */
final class MenuWords {

  private static final int MOST_WORDS = 64;

  private MenuWords() {}

  /** The words without their quotes; a quote that is left open ends with the line. */
  static List<String> of(String line) {
    List<String> words = new ArrayList<>();
    int at = 0;
    while (at < line.length() && words.size() < MOST_WORDS) {
      char c = line.charAt(at);
      if (c == ' ' || c == '\t') {
        at++;
      } else {
        StringBuilder word = new StringBuilder();
        at = word(line, at, word);
        words.add(word.toString());
      }
    }
    return words;
  }

  private static int word(String line, int from, StringBuilder word) {
    int at = from;
    char quote = 0;
    while (at < line.length()) {
      char c = line.charAt(at);
      if (quote == 0 && (c == ' ' || c == '\t')) {
        return at;
      }
      if (c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (c == '\\' && quote != '\'' && at + 1 < line.length()) {
        at++;
        word.append(line.charAt(at));
      } else {
        word.append(c);
      }
      at++;
    }
    return at;
  }
}
