package io.hyper2kvm.guest.network.system;

import io.hyper2kvm.guest.edit.TextEdit;
import io.hyper2kvm.guest.network.survey.IniLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A file of shell assignments, as the {@code ifcfg-*} files are; expansions are not followed.
 *
 * @param assignments in the order of the file
 */
record ShellFile(List<Assignment> assignments) {

  /** {@code key=value}, unquoted; {@code index} is the line, from 0. */
  record Assignment(int index, String key, String value) {}

  static ShellFile of(TextEdit file) {
    List<Assignment> found = new ArrayList<>();
    for (int i = 0; i < file.lineCount(); i++) {
      String line = file.line(i).strip();
      int equals = line.indexOf('=');
      if (equals > 0 && line.charAt(0) != '#' && variable(line, equals)) {
        found.add(
            new Assignment(i, line.substring(0, equals), unquoted(line.substring(equals + 1))));
      }
    }
    return new ShellFile(List.copyOf(found));
  }

  private static boolean variable(String line, int end) {
    for (int i = 0; i < end; i++) {
      if (!Character.isLetterOrDigit(line.charAt(i)) && line.charAt(i) != '_') {
        return false;
      }
    }
    return true;
  }

  private static String unquoted(String value) {
    if (value.isEmpty()) {
      return "";
    }
    char quote = value.charAt(0);
    if (quote == '"' || quote == '\'') {
      int end = value.indexOf(quote, 1);
      return end < 0 ? value.substring(1) : value.substring(1, end);
    }
    int end = 0;
    while (end < value.length() && !Character.isWhitespace(value.charAt(end))) {
      end++;
    }
    return value.substring(0, end);
  }

  /** The value in force, which is the last one; empty when there is none or it is empty. */
  public Optional<String> value(String key) {
    for (int i = assignments.size() - 1; i >= 0; i--) {
      if (assignments.get(i).key().equals(key)) {
        return Optional.of(assignments.get(i).value()).filter(value -> !value.isEmpty());
      }
    }
    return Optional.empty();
  }

  boolean yes(String key) {
    return value(key).map(IniLine::yes).orElse(false);
  }
}
