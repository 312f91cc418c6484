package io.hyper2kvm.guest.leftover;

import io.hyper2kvm.guest.edit.Columns;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The lists of modules that a guest loads at every boot. Modules that load under the former
 * hypervisor only make systemd's service for them fail.
 */
final class Modules {

  private static final String FILE = "/etc/modules";
  private static final String FOLDER = "/etc/modules-load.d/";

  private Modules() {}

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
    for (int line = 0; line < edit.lineCount(); line++) {
      List<Columns.Column> columns = Columns.of(text, edit.lineStart(line), edit.lineEnd(line), 1);
      if (columns.isEmpty() || columns.get(0).value().startsWith(";")) {
        continue;
      }
      String module = columns.get(0).value();
      Optional<Hypervisor> hypervisor = GuestTools.ofModule(module);
      if (hypervisor.isPresent()) {
        edit.replaceLine(
            line,
            "# " + edit.line(line),
            "guest_tools.module",
            "%s loads under %s only; elsewhere the service that loads it fails"
                .formatted(module, hypervisor.get().title()));
      }
    }
    return edit.result().plan();
  }
}
