package io.hyper2kvm.guest.firstboot;

import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guest.leftover.GuestTree;
import java.util.List;
import java.util.Optional;

/** An operator's script in the guest, which {@link RunOnce} runs at most once. */
public final class FirstbootScript {

  /** Where it waits for the first boot. */
  public static final String PATH = RunOnce.FOLDER + "/firstboot-script";

  /** What an earlier conversion may have left: it waits, began, was cut off, or ended. */
  public static final List<String> EARLIER =
      List.of(PATH, PATH + ".started", PATH + ".interrupted", PATH + ".done");

  private static final String REASON =
      "firstboot asks for a script that the guest runs once, at its first boot";

  private FirstbootScript() {}

  /**
   * The plan.
   *
   * @param text the script, one character for each byte
   * @param shown what the report says of it; its text may hold secrets and is not shown
   * @return a failure where nothing is known that would run it
   */
  public static EditPlan plan(GuestTree tree, String text, String shown) {
    Optional<GuestInit> init = GuestInit.of(tree);
    if (init.isEmpty() || init.get() == GuestInit.RC_LOCAL) {
      return new EditPlan(
          List.of(),
          List.of(),
          List.of(),
          List.of(
              "nothing that is known here would run the script at the first boot: the guest's init is neither systemd nor Upstart nor OpenRC, and /etc/inittab has no row of a runlevel from 2 to 5 with the action wait; run the script in the guest by hand, and leave out firstboot"));
    }
    EditPlan script =
        EditPlan.of(
            new FileEdit(
                PATH,
                Optional.empty(),
                Optional.of(text),
                0700,
                List.of(new Change(PATH, 0, "", shown, "firstboot.script", REASON))));
    return EditPlan.joined(List.of(script, RunOnce.plan(tree, init.get(), REASON)));
  }
}
