package io.hyper2kvm.stage.fix;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.manifest.model.FixSpec;

/** The drivers of a Windows, for a guest that is none: the fix is done by stage.windows. */
final class WindowsRepair implements Fix {

  @Override
  public String name() {
    return "windows";
  }

  @Override
  public FailureCode failureCode() {
    return FailureCode.FIX_WINDOWS_FAILED;
  }

  @Override
  public boolean isWanted(FixSpec spec) {
    return spec.windows().isPresent();
  }

  @Override
  public EditPlan plan(FixContext context, FixEvidence evidence) {
    evidence.notApplicable("the guest is Linux");
    return EditPlan.NOTHING;
  }
}
