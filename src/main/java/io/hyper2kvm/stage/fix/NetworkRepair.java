package io.hyper2kvm.stage.fix;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.network.survey.Level;
import io.hyper2kvm.manifest.model.FixSpec;
import io.hyper2kvm.manifest.model.NetworkLevel;
import io.hyper2kvm.stage.inspect.GuestNetwork;

/** The guest's network configuration: names and addresses survive the new network card. */
final class NetworkRepair implements Fix {

  @Override
  public String name() {
    return "network";
  }

  @Override
  public FailureCode failureCode() {
    return FailureCode.FIX_NETWORK_FAILED;
  }

  @Override
  public boolean isWanted(FixSpec spec) {
    return spec.network().isPresent();
  }

  /** Decides from the files as INSPECT read them: no other fix changes those of the network. */
  @Override
  public EditPlan plan(FixContext context, FixEvidence evidence) {
    NetworkLevel wanted = context.spec().network().orElseThrow();
    evidence.fact("fix_level", wanted.text());
    Level level =
        switch (wanted) {
          case FULL -> Level.FULL;
          case BASIC -> Level.BASIC;
          case NONE -> Level.NONE;
        };
    return GuestNetwork.plan(context.guest(), level, context.machine()).edits();
  }
}
