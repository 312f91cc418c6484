package io.hyper2kvm.guest.boot;

import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /etc/inittab} of System V's init and of busybox's: a login on the first serial port. A
 * file that starts no login is left over, or the distribution's comment that it is not used.
 */
final class Inittab {

  static final String FILE = "/etc/inittab";

  private static final Pattern LOGIN =
      Pattern.compile("([^:#]{0,16}):([^:]{0,16}):respawn:(\\S*getty)\\b.*");
  private static final Pattern COMMENTED =
      Pattern.compile("#\\s?([^:#\\s]{1,16}:[^:]{0,16}:respawn:\\S*getty\\b.*\\bttyS0\\b.*)");

  private Inittab() {}

  static Edited withSerialConsole(String text) {
    TextEdit edit = new TextEdit(FILE, text);
    Matcher login = null;
    for (int line = 0; line < edit.lineCount(); line++) {
      Matcher found = LOGIN.matcher(edit.line(line));
      if (found.matches()) {
        if (edit.line(line).contains("ttyS0")) {
          edit.leave(edit.lineStart(line), "there is a login on ttyS0 already");
          return edit.result();
        }
        login = login == null ? found : login;
      }
    }
    if (login == null) {
      return edit.result();
    }
    for (int line = 0; line < edit.lineCount(); line++) {
      Matcher commented = COMMENTED.matcher(edit.line(line));
      if (commented.matches()) {
        edit.replaceLine(line, commented.group(1), ConsoleWords.RULE, ConsoleWords.REASON);
        return edit.result();
      }
    }
    // busybox has a terminal for an identifier, and no run levels.
    String program = login.group(3).endsWith("mingetty") ? "/sbin/agetty" : login.group(3);
    String line =
        login.group(2).isEmpty()
            ? "ttyS0::respawn:%s -L ttyS0 115200 vt100".formatted(program)
            : "S0:%s:respawn:%s -L ttyS0 115200 vt100".formatted(login.group(2), program);
    edit.append(line, ConsoleWords.RULE, ConsoleWords.REASON);
    return edit.result();
  }
}
