package io.hyper2kvm.guest.network.survey;

import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * One assignment in a file of sections, as systemd and NetworkManager write them.
 *
 * @param index the line, from 0
 * @param section the section it stands in, without brackets
 * @param key before the first {@code =}, stripped
 * @param value after it, stripped
 */
public record IniLine(int index, String section, String key, String value) {

  public static List<IniLine> of(TextEdit file) {
    List<IniLine> found = new ArrayList<>();
    String section = "";
    for (int i = 0; i < file.lineCount(); i++) {
      String line = file.line(i).strip();
      if (line.isEmpty() || line.charAt(0) == '#' || line.charAt(0) == ';') {
        continue;
      }
      if (line.charAt(0) == '[' && line.charAt(line.length() - 1) == ']') {
        section = line.substring(1, line.length() - 1);
        continue;
      }
      int equals = line.indexOf('=');
      if (equals > 0) {
        found.add(
            new IniLine(
                i, section, line.substring(0, equals).strip(), line.substring(equals + 1).strip()));
      }
    }
    return found;
  }

  public boolean is(String inSection, String named) {
    return section.equals(inSection) && key.equals(named);
  }

  /** The words of the value, split at blanks, commas and semicolons. */
  public List<String> words() {
    return split(value);
  }

  public static List<String> split(String value) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    for (int i = 0; i <= value.length(); i++) {
      char c = i < value.length() ? value.charAt(i) : ' ';
      if (Character.isWhitespace(c) || c == ',' || c == ';') {
        if (word.length() > 0) {
          words.add(word.toString());
          word.setLength(0);
        }
      } else {
        word.append(c);
      }
    }
    return words;
  }

  /** The value with each word mapped, everything between the words as it was. */
  public static String mapWords(String value, UnaryOperator<String> mapping) {
    StringBuilder text = new StringBuilder(value.length() + 16);
    int start = 0;
    for (int i = 0; i <= value.length(); i++) {
      char c = i < value.length() ? value.charAt(i) : ' ';
      if (Character.isWhitespace(c) || c == ',' || c == ';') {
        if (i > start) {
          text.append(mapping.apply(value.substring(start, i)));
        }
        if (i < value.length()) {
          text.append(c);
        }
        start = i + 1;
      }
    }
    return text.toString();
  }

  public static boolean yes(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "yes", "true", "on", "1", "y", "t" -> true;
      default -> false;
    };
  }
}
