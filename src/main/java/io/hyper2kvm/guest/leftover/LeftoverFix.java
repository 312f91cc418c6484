package io.hyper2kvm.guest.leftover;

import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guest.edit.LeftAlone;
import java.util.ArrayList;
import java.util.List;

/**
 * Plans that nothing which a former hypervisor left in a guest stops or delays its boot. The tools
 * themselves stay, and work again under that hypervisor.
 */
public final class LeftoverFix {

  private static final int MAX_TOLD = 20;

  private LeftoverFix() {}

  /** The plan; it never throws for any text, and a second one of its result changes nothing. */
  public static EditPlan plan(GuestTree tree) {
    return EditPlan.joined(
        List.of(
            Services.plan(tree),
            StartLinks.plan(tree),
            Modules.plan(tree),
            ForeignMounts.plan(tree),
            Consoles.plan(tree),
            Displays.plan(tree),
            harmless(tree)));
  }

  /** The warnings for a guest that keeps all as it is: each change that would be made is one. */
  public static List<String> told(EditPlan plan) {
    List<String> warnings = new ArrayList<>(plan.warnings());
    plan.files().stream()
        .map(FileEdit::changes)
        .flatMap(List::stream)
        .limit(MAX_TOLD)
        .map(LeftoverFix::warning)
        .forEach(warnings::add);
    return warnings;
  }

  private static String warning(Change change) {
    String line = change.line() > 0 ? ":" + change.line() : "";
    return "%s%s: %s; it stays, since fix.guest_tools is switched off"
        .formatted(change.file(), line, change.reason());
  }

  /** What looks as if it mattered. */
  private static EditPlan harmless(GuestTree tree) {
    List<LeftAlone> notes = new ArrayList<>();
    for (String path : tree.below("/etc/ld.so.conf.d/")) {
      if (path.contains("nosegneg")) {
        notes.add(note(path, "only Xen's kernels ask for these libraries"));
      }
    }
    for (String path : tree.below("/etc/xdg/autostart/")) {
      if (path.contains("vmware-user")) {
        notes.add(note(path, "the program ends by itself outside VMware"));
      }
    }
    GuestTools.CLOUD_AGENTS.stream()
        .filter(tree::has)
        .map(path -> note(path, "an agent of a cloud; it finds no cloud on KVM, and stays"))
        .forEach(notes::add);
    return new EditPlan(List.of(), notes, List.of(), List.of());
  }

  private static LeftAlone note(String path, String reason) {
    return new LeftAlone(path, 0, "", reason);
  }
}
