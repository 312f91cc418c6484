package io.hyper2kvm.guest.boot;

import io.hyper2kvm.guest.edit.TextEdit;

/**
 * The {@code console=} words of a kernel command line. The kernel writes to all of them, and the
 * last one is {@code /dev/console}, where init speaks and a rescue shell opens.
 */
final class ConsoleWords {

  static final String RULE = "grub.serial-console";
  static final String REASON =
      "the manifest asks for a serial console; the first serial port is ttyS0 on KVM";

  private static final String SERIAL = "console=ttyS0,115200";
  private static final String BOTH = "console=tty0 " + SERIAL;

  private ConsoleWords() {}

  /** Whether a command line sends its console to the first serial port. */
  static boolean hasSerial(String commandLine) {
    return has(commandLine, "console=ttyS0");
  }

  /** Whether a command line names any console. */
  static boolean hasAny(String commandLine) {
    return has(commandLine, "console=");
  }

  private static boolean has(String commandLine, String start) {
    int at = commandLine.indexOf(start);
    while (at >= 0) {
      int end = at + start.length();
      boolean begins = at == 0 || isEdge(commandLine.charAt(at - 1));
      boolean ends =
          start.endsWith("=")
              || end == commandLine.length()
              || commandLine.charAt(end) == ','
              || isEdge(commandLine.charAt(end));
      if (begins && ends) {
        return true;
      }
      at = commandLine.indexOf(start, end);
    }
    return false;
  }

  private static boolean isEdge(char c) {
    return c <= ' ' || c == '"' || c == '\'' || c == '=' || c == ';';
  }

  /** What is added to such a command line; the screen stays one of its consoles. */
  static String addition(String commandLine) {
    return hasAny(commandLine) ? SERIAL : BOTH;
  }

  /**
   * Adds the serial port behind the last word between two offsets, unless it is one of the consoles
   * there. A quote that closes the whole stays the last.
   */
  static void add(TextEdit edit, int from, int to) {
    String text = edit.text();
    int end = wordsEnd(text, from, to);
    boolean quoted =
        end > from
            && (text.charAt(end - 1) == '"' || text.charAt(end - 1) == '\'')
            && text.substring(from, end - 1).indexOf(text.charAt(end - 1)) >= 0;
    int at = quoted ? wordsEnd(text, from, end - 1) : end;
    String commandLine = text.substring(from, at);
    if (hasSerial(commandLine)) {
      edit.leave(from, "there is a console on ttyS0 already");
      return;
    }
    boolean first = at == from || "\"'".indexOf(text.charAt(at - 1)) >= 0;
    edit.replace(at, at, (first ? "" : " ") + addition(commandLine), RULE, REASON);
  }

  /** Behind the last character that is no blank and not in a comment. */
  private static int wordsEnd(String text, int from, int to) {
    int comment = from;
    while (comment < to
        && !(text.charAt(comment) == '#' && comment > from && text.charAt(comment - 1) <= ' ')) {
      comment++;
    }
    int end = comment;
    while (end > from && text.charAt(end - 1) <= ' ') {
      end--;
    }
    return end;
  }
}
