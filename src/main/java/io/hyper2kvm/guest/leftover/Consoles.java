package io.hyper2kvm.guest.leftover;

import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.regex.Pattern;

/** The logins on Xen's consoles in the table of a System V init. */
final class Consoles {

  private static final String FILE = "/etc/inittab";
  private static final Pattern XEN =
      Pattern.compile("[^#:\\s][^:]{0,20}:[^:]{0,30}:respawn:.{0,200}\\b[hx]vc[0-9]\\b.{0,300}");

  private Consoles() {}

  static EditPlan plan(GuestTree tree) {
    String text = tree.text(FILE).orElse("");
    TextEdit edit = new TextEdit(FILE, text);
    for (int line = 0; line < edit.lineCount(); line++) {
      if (edit.lineEnd(line) - edit.lineStart(line) > 600) {
        continue;
      }
      String row = edit.line(line);
      if (XEN.matcher(row).matches()) {
        edit.replaceLine(
            line,
            "#" + row,
            "guest_tools.console",
            "Xen's console is not there on KVM, and init would start its login again and again");
      }
    }
    return edit.result().plan();
  }
}
