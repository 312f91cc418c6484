package io.hyper2kvm.guest.edit;

import java.util.ArrayList;
import java.util.List;

/**
 * The assignments at the start of lines in a file of shell variables. Values keep their quotes and
 * may go over several lines, as the shell reads them; nothing is expanded.
 */
public final class ShellAssignments {

  /**
   * One assignment.
   *
   * @param name the variable
   * @param start offset of the value's first character, quotes included
   * @param end offset behind the value
   */
  public record Assignment(String name, int start, int end) {

    /** The value as it stands, without the quotes that enclose the whole of it. */
    public String value(String text) {
      return isQuoted(text) ? text.substring(start + 1, end - 1) : text.substring(start, end);
    }

    /** Whether one pair of quotes encloses the whole value. */
    public boolean isQuoted(String text) {
      if (end - start < 2) {
        return false;
      }
      char quote = text.charAt(start);
      return (quote == '"' || quote == '\'') && closingQuote(text, start, end) == end - 1;
    }
  }

  private ShellAssignments() {}

  /** The assignments; what adds to a variable by {@code +=} is none. */
  public static List<Assignment> of(TextEdit edit) {
    return read(edit, false);
  }

  /** The assignments, and what adds to a variable by {@code +=} as bash has it. */
  public static List<Assignment> withAdditions(TextEdit edit) {
    return read(edit, true);
  }

  private static List<Assignment> read(TextEdit edit, boolean additions) {
    String text = edit.text();
    List<Assignment> assignments = new ArrayList<>();
    int after = 0;
    for (int line = 0; line < edit.lineCount(); line++) {
      int start = edit.lineStart(line);
      if (start < after) {
        continue;
      }
      int at = skipBlanks(text, start, edit.lineEnd(line));
      if (text.startsWith("export ", at)) {
        at = skipBlanks(text, at + "export ".length(), edit.lineEnd(line));
      }
      int nameStart = at;
      while (at < edit.lineEnd(line) && isNamePart(text.charAt(at))) {
        at++;
      }
      int equals = additions && text.startsWith("+=", at) ? at + 1 : at;
      if (at > nameStart && equals < edit.lineEnd(line) && text.charAt(equals) == '=') {
        int end = valueEnd(text, equals + 1);
        assignments.add(new Assignment(text.substring(nameStart, at), equals + 1, end));
        after = end;
      }
    }
    return assignments;
  }

  private static int valueEnd(String text, int from) {
    int at = from;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"' || c == '\'') {
        int closing = closingQuote(text, at, text.length());
        if (closing < 0) {
          return lineEnd(text, at);
        }
        at = closing + 1;
      } else if (c == '\\' && at + 1 < text.length()) {
        at += 2;
      } else if (c <= ' ' || c == ';') {
        return at;
      } else {
        at++;
      }
    }
    return Math.min(at, text.length());
  }

  private static int closingQuote(String text, int opening, int to) {
    char quote = text.charAt(opening);
    int at = opening + 1;
    while (at < to) {
      char c = text.charAt(at);
      if (c == quote) {
        return at;
      }
      at += c == '\\' && quote == '"' ? 2 : 1;
    }
    return -1;
  }

  private static int lineEnd(String text, int from) {
    int newline = text.indexOf('\n', from);
    int end = newline < 0 ? text.length() : newline;
    return end > from && text.charAt(end - 1) == '\r' ? end - 1 : end;
  }

  private static int skipBlanks(String text, int from, int to) {
    int at = from;
    while (at < to && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
    return at;
  }

  private static boolean isNamePart(char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }
}
