package io.hyper2kvm.stage.fix;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.fstab.Fstab;
import io.hyper2kvm.guest.leftover.GuestTree;
import io.hyper2kvm.guest.leftover.LeftoverFix;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.manifest.model.FixSpec;
import io.hyper2kvm.manifest.model.FstabMode;
import io.hyper2kvm.manifest.model.GuestToolsMode;
import io.hyper2kvm.text.Printable;
import java.util.List;
import java.util.Optional;

/**
 * The former hypervisor's tools: what of them stops or delays the boot is disabled, with any fix;
 * on request they are taken out. The report says nothing of a guest that has none, unless it was
 * asked.
 */
final class GuestToolsRepair implements Fix {

  @Override
  public String name() {
    return "guest_tools";
  }

  @Override
  public FailureCode failureCode() {
    return FailureCode.FIX_GUEST_TOOLS_FAILED;
  }

  @Override
  public boolean isWanted(FixSpec spec) {
    return spec.repairs() || spec.guestTools().isPresent();
  }

  @Override
  public boolean isReported(FixSpec spec, FixEvidence evidence) {
    return spec.guestTools().filter(mode -> mode != GuestToolsMode.LEFT_ALONE).isPresent()
        || !evidence.isEmpty();
  }

  @Override
  public EditPlan plan(FixContext context, FixEvidence evidence) {
    Optional<GuestTree> tree = context.software().tree();
    if (tree.isEmpty()) {
      throw new IllegalStateException("the guest's files were not looked at");
    }
    GuestToolsMode mode = context.spec().guestTools().orElse(GuestToolsMode.KEEP);
    EditPlan plan = plan(tree.get().with(context.edits().texts()), context);
    if (mode == GuestToolsMode.LEFT_ALONE) {
      EditPlan told = LeftoverFix.told(plan, file -> true, "fix.guest_tools is switched off");
      return new EditPlan(List.of(), List.of(), told.warnings(), List.of());
    }
    evidence.fact("mode", mode.text());
    if (mode == GuestToolsMode.REMOVE) {
      // Of what is there when they are gone.
      return EditPlan.NOTHING;
    }
    if (LeftoverFix.found(tree.get()).isEmpty() && plan.files().isEmpty()) {
      evidence.notApplicable("the guest has no tools of another hypervisor that are known here");
    }
    return plan;
  }

  /**
   * What is to be disabled in a tree with the edits so far; fstab only where somebody did not ask
   * for it to stay.
   */
  static EditPlan plan(GuestTree tree, FixContext context) {
    EditPlan plan = LeftoverFix.plan(tree);
    return context.spec().fstab().filter(FstabMode.NOOP::equals).isPresent()
        ? LeftoverFix.told(plan, Fstab.FILE::equals, "fix.fstab has the mode noop")
        : plan;
  }

  @Override
  public void beforeEdits(FixContext context, FixEvidence evidence, GuestfishSession session) {
    if (context.spec().guestTools().filter(GuestToolsMode.REMOVE::equals).isPresent()) {
      new ToolsRemoval(context, evidence, session).ask();
    }
  }

  /** Takes a plan that was made on the way. */
  static void apply(EditPlan plan, FixContext context, FixEvidence evidence) {
    evidence.add(plan);
    context.edits().apply(plan);
    plan.warnings().forEach(warning -> context.warn(Printable.guestBytes(warning)));
    if (!plan.failures().isEmpty()) {
      throw evidence.failed(plan.failures().stream().map(Printable::guestBytes).toList());
    }
  }
}
