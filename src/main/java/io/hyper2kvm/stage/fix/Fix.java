package io.hyper2kvm.stage.fix;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.manifest.model.FixSpec;
import io.hyper2kvm.stage.Check;
import io.hyper2kvm.stage.inspect.GuestFacts;
import java.util.Optional;

/**
 * One fix of the stage FIX. It keeps nothing of a VM: the same object serves all of them. {@link
 * Fixing} runs the fixes in their order, each method for all of them before the next method.
 */
interface Fix {

  /** The fix's name in the report, as the manifest's section. */
  String name();

  /** What the VM fails with when the fix was asked for and cannot be done. */
  FailureCode failureCode();

  /** Whether the manifest asks for it, even if in a mode that changes nothing. */
  boolean isWanted(FixSpec spec);

  /** Whether the report has it; one that nobody named is left out where it found nothing. */
  default boolean isReported(FixSpec spec, FixEvidence evidence) {
    return true;
  }

  /**
   * Decides from the files that INSPECT read what changes in them. Nothing is asked of the
   * appliance. The plan becomes evidence and edits afterwards; a failure in it ends the stage.
   *
   * @param evidence takes the fix's own keys in the report, and why it does not apply
   */
  EditPlan plan(FixContext context, FixEvidence evidence);

  /** The space that it needs in the guest's {@code /boot}, in bytes, beyond that of edits. */
  default long bytesOnBoot(GuestFacts guest) {
    return 0;
  }

  /** Adds what it asks of the appliance before the edits of all fixes are written. */
  default void beforeEdits(FixContext context, FixEvidence evidence, GuestfishSession session) {}

  /** Adds what it asks of the appliance when the edits of all fixes are in the guest. */
  default void afterEdits(FixContext context, FixEvidence evidence, GuestfishSession session) {}

  /**
   * Adds what it asks of the appliance at the end, when nothing of the guest is mounted any more;
   * it leaves nothing mounted.
   */
  default void afterUnmount(FixContext context, FixEvidence evidence, GuestfishSession session) {}

  /**
   * Adds the questions that {@link #check} needs answered. They are asked at the end, of the disk
   * that will be copied, for every Linux guest: also when the fix is not wanted.
   */
  default void askCheck(FixContext context, GuestfishScript script) {}

  /** The check of the fixed guest; empty when there is nothing to check in it. */
  default Optional<Check> check(FixContext context, GuestfishAnswers answers) {
    return Optional.empty();
  }
}
