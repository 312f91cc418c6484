package io.hyper2kvm.guest.leftover;

import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The X server's configuration. A section {@code Device} that names the driver of the former
 * hypervisor's display keeps the server from starting; without the line it chooses a driver itself.
 */
final class Displays {

  private static final String FILE = "/etc/X11/xorg.conf";
  private static final String FOLDER = "/etc/X11/xorg.conf.d/";
  private static final int MAX_LINE = 1000;

  private static final Pattern SECTION =
      Pattern.compile("(?i)\\s{0,80}section\\s{1,80}\"([^\"]{1,80})\".{0,200}");
  private static final Pattern END = Pattern.compile("(?i)\\s{0,80}endsection\\b.{0,200}");
  private static final Pattern DRIVER =
      Pattern.compile("(?i)\\s{0,80}driver\\s{1,80}\"([^\"]{1,80})\".{0,200}");

  private Displays() {}

  static EditPlan plan(GuestTree tree) {
    SortedSet<String> files = new TreeSet<>(tree.below(FOLDER));
    files.removeIf(file -> !file.endsWith(".conf"));
    files.add(FILE);
    List<EditPlan> plans = new ArrayList<>();
    for (String file : files) {
      tree.text(file).ifPresent(text -> plans.add(plan(file, text)));
    }
    return EditPlan.joined(plans);
  }

  private static EditPlan plan(String file, String text) {
    TextEdit edit = new TextEdit(file, text);
    String section = "";
    for (int line = 0; line < edit.lineCount(); line++) {
      if (edit.lineEnd(line) - edit.lineStart(line) > MAX_LINE) {
        continue;
      }
      String row = edit.line(line);
      Matcher begins = SECTION.matcher(row);
      if (begins.matches()) {
        section = begins.group(1).toLowerCase(Locale.ROOT);
      } else if (END.matcher(row).matches()) {
        section = "";
      } else if (section.equals("device")) {
        driver(edit, line, row);
      }
    }
    return edit.result().plan();
  }

  private static void driver(TextEdit edit, int line, String row) {
    Matcher driver = DRIVER.matcher(row);
    if (!driver.matches()) {
      return;
    }
    String name = driver.group(1).toLowerCase(Locale.ROOT);
    Optional<Hypervisor> hypervisor = GuestTools.ofDisplay(name);
    hypervisor.ifPresent(
        known ->
            edit.replaceLine(
                line,
                "#" + row,
                "guest_tools.display",
                "the driver %s is for %s's display; without the line X chooses one"
                    .formatted(name, known.title())));
  }
}
