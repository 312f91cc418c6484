package io.hyper2kvm.stage.fix;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.network.survey.Level;
import io.hyper2kvm.guest.network.system.PinFiles;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.manifest.model.FixSpec;
import io.hyper2kvm.manifest.model.NetworkLevel;
import io.hyper2kvm.stage.inspect.GuestFacts;
import io.hyper2kvm.stage.inspect.GuestNetwork;
import io.hyper2kvm.stage.inspect.KernelFiles;
import java.util.List;

/** The guest's network configuration: names and addresses survive the new network card. */
final class NetworkRepair implements Fix {

  /** The pins of a hundred cards, as an archive. */
  private static final long BYTES_PER_KERNEL = 64L << 10;

  @Override
  public String name() {
    return FixResult.NETWORK;
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
    EditPlan plan = GuestNetwork.plan(context.guest(), level, context.machine()).edits();
    // A new instance of cloud-init's would write the network, and the host keys, anew.
    return level == Level.FULL
        ? EditPlan.joined(List.of(plan, context.software().cloud().plan()))
        : plan;
  }

  @Override
  public long bytesOnBoot(GuestFacts guest) {
    return BYTES_PER_KERNEL * guest.kernels().size();
  }

  /** Where the initramfs is not fixed, the pins alone go into it. */
  @Override
  public void beforeEdits(FixContext context, FixEvidence evidence, GuestfishSession session) {
    PinFiles pins = PinFiles.of(context.guest().texts(), context.edits().texts());
    if (context.spec().initramfs().isPresent() || pins.isEmpty()) {
      return;
    }
    int number = 0;
    for (GuestFacts.Kernel kernel : context.guest().kernels()) {
      if (!kernel.initramfs().isEmpty()) {
        KernelFiles files =
            new KernelFiles(
                kernel, context.toolFiles(), context.directory().resolve("pins" + number++));
        new InitramfsPins(context, files, evidence, pins, session).ask();
      }
    }
  }
}
