package io.hyper2kvm.guest.leftover;

import io.hyper2kvm.guest.edit.Columns;
import io.hyper2kvm.guest.edit.Columns.Column;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The rows of fstab whose file system only the former hypervisor has. Without {@code nofail} such a
 * row ends the boot of a systemd guest in emergency mode.
 */
final class ForeignMounts {

  private static final String FILE = "/etc/fstab";
  private static final String RULE = "guest_tools.mount";
  private static final int COLUMNS = 4;
  private static final int MAX_ROWS = 4096;
  private static final Set<String> MAY_FAIL = Set.of("nofail", "noauto");

  private ForeignMounts() {}

  static EditPlan plan(GuestTree tree) {
    String text = tree.text(FILE).orElse("");
    TextEdit edit = new TextEdit(FILE, text);
    for (int line = 0; line < Math.min(edit.lineCount(), MAX_ROWS); line++) {
      List<Column> columns = Columns.of(text, edit.lineStart(line), edit.lineEnd(line), COLUMNS);
      if (columns.size() >= 2) {
        judge(edit, columns);
      }
    }
    return edit.result().plan();
  }

  private static void judge(TextEdit edit, List<Column> columns) {
    Column last = columns.get(columns.size() - 1);
    String type = columns.size() > 2 ? columns.get(2).value() : "";
    Optional<Hypervisor> hypervisor =
        GuestTools.ofFileSystem(type)
            .or(
                () ->
                    isShare(columns.get(0).value())
                        ? Optional.of(Hypervisor.VMWARE)
                        : Optional.empty());
    if (hypervisor.isEmpty()) {
      return;
    }
    boolean hasOptions = columns.size() == COLUMNS;
    if (hasOptions && List.of(last.value().split(",")).stream().anyMatch(MAY_FAIL::contains)) {
      edit.leave(last.start(), "a failure of this mount does not stop the boot");
      return;
    }
    if (columns.size() < COLUMNS - 1) {
      edit.warn(
          last.start(),
          "the row has no type and so no options; it may stop the boot, since its file system is %s's"
              .formatted(hypervisor.get().title()));
      return;
    }
    String row = edit.text().substring(last.start(), last.end());
    edit.replace(
        last.start(),
        last.end(),
        row + (hasOptions ? ",nofail" : " defaults,nofail"),
        RULE,
        "%s on %s is a file system of %s's; without nofail its failure ends the boot in emergency mode"
            .formatted(type, columns.get(1).value(), hypervisor.get().title()));
  }

  /** VMware's name of the host that shares folders. */
  private static boolean isShare(String device) {
    return device.startsWith(".host:");
  }
}
