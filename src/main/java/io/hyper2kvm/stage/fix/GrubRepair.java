package io.hyper2kvm.stage.fix;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.guest.boot.BootFix;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.network.system.PinFiles;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.manifest.model.FixSpec;
import io.hyper2kvm.stage.Check;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The boot loader's configuration, GRUB's or another one's. */
final class GrubRepair implements Fix {

  private static final String UNKNOWN =
      "the guest has a boot loader or kernels in /boot, but no boot configuration that is known"
          + " here was found, neither in /boot nor on an EFI system partition: what its kernels"
          + " take for their root is not known";

  /** The processors whose programs run in the appliance of an x86-64 host. */
  private static final Set<String> RUNNABLE = Set.of("x86_64", "i386");

  @Override
  public String name() {
    return "grub";
  }

  @Override
  public FailureCode failureCode() {
    return FailureCode.FIX_GRUB_FAILED;
  }

  @Override
  public boolean isWanted(FixSpec spec) {
    return spec.grub().isPresent();
  }

  @Override
  public EditPlan plan(FixContext context, FixEvidence evidence) {
    if (context.guest().comesInImages().isPresent()) {
      evidence.notApplicable(context.guest().comesInImages().get());
      return EditPlan.NOTHING;
    }
    if (context.guest().bootLoader().equals("none")) {
      evidence.notApplicable("the guest has no boot loader configuration that is known here");
      return EditPlan.NOTHING;
    }
    if (context.guest().bootLoader().equals("unknown")) {
      return new EditPlan(List.of(), List.of(), List.of(), List.of(UNKNOWN));
    }
    return BootFix.plan(
        context.edits().texts(),
        context.guest().disks(),
        context.spec().grub().orElseThrow().serialConsole(),
        context.unified().all());
  }

  /** The boot loader itself may have to be put where firmware looks: refused now if it cannot. */
  @Override
  public void beforeEdits(FixContext context, FixEvidence evidence, GuestfishSession session) {
    new UefiLoaderRepair(context, evidence).require();
    // The fix of the initramfs changes the command line of the images along with it.
    if (context.spec().initramfs().isEmpty()) {
      PinFiles pins = PinFiles.of(context.guest().texts(), context.edits().texts());
      UnifiedKernelRepair.askAll(context, evidence, Optional.empty(), pins, session);
    }
  }

  @Override
  public void afterUnmount(FixContext context, FixEvidence evidence, GuestfishSession session) {
    new UefiLoaderRepair(context, evidence).ask(session);
  }

  @Override
  public void afterEdits(FixContext context, FixEvidence evidence, GuestfishSession session) {
    if (evidence.changedSomething() && RUNNABLE.contains(context.guest().architecture())) {
      new GrubRegeneration(context, evidence, session).ask();
    }
  }

  @Override
  public void askCheck(FixContext context, GuestfishScript script) {
    new BootEntryCheck(context).ask(script);
  }

  /** What the fixed guest's boot entries name is there. */
  @Override
  public Optional<Check> check(FixContext context, GuestfishAnswers answers) {
    return new BootEntryCheck(context).check(answers);
  }
}
