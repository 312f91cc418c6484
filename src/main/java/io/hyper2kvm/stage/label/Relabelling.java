package io.hyper2kvm.stage.label;

import io.hyper2kvm.guest.selinux.SelinuxMode;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What happens where a label is not certain: an enforcing guest is made to relabel everything when
 * it starts; of another one an operator is told.
 */
final class Relabelling {

  /** Its presence makes the guest relabel everything when it starts. */
  private static final String FILE = "/.autorelabel";

  private static final int MAX_WARNINGS = 5;

  private final SelinuxMode mode;
  private final LabelReport report;
  private final Consumer<String> warnings;
  private final List<String> reasons = new ArrayList<>();

  /**
   * Nothing to relabel yet.
   *
   * @param warnings takes what an operator should know
   */
  Relabelling(SelinuxMode mode, LabelReport report, Consumer<String> warnings) {
    this.mode = mode;
    this.report = report;
    this.warnings = warnings;
  }

  /** A label is not certain. */
  void need(String reason) {
    if (mode == SelinuxMode.ENFORCING) {
      reasons.add(reason);
    } else {
      warn(reason + " Correct it with restorecon in the guest; SELinux is permissive there.");
    }
  }

  void warn(String text) {
    warnings.accept(Printable.guestLine(text));
  }

  /** Adds the turn that writes the file, if that is needed. */
  void ask(GuestfishSession session) {
    session.then(
        () ->
            reasons.isEmpty()
                ? new GuestfishScript()
                : new GuestfishScript().run("touch", FILE).ask(FILE, "exists", FILE),
        answers -> {
          if (!reasons.isEmpty()) {
            accept(answers.isTrue(FILE));
          }
        });
  }

  private void accept(boolean written) {
    reasons.stream().limit(MAX_WARNINGS).forEach(this::warn);
    if (!written) {
      warn(FILE + " could not be written: relabel the guest by hand before it is used");
      return;
    }
    report.relabel();
    warn(
        "%s was written, since %d SELinux labels are not certain: when the guest first starts, it relabels all of its files, which takes minutes, and restarts once more"
            .formatted(FILE, reasons.size()));
  }
}
