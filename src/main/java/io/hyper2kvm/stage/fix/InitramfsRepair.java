package io.hyper2kvm.stage.fix;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.network.system.PinFiles;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.manifest.model.FixSpec;
import io.hyper2kvm.stage.inspect.GuestFacts;
import io.hyper2kvm.stage.inspect.KernelFiles;
import io.hyper2kvm.text.Printable;
import java.util.List;
import java.util.Optional;

/**
 * Gives the initramfs of every kernel its virtio drivers, and reads it back. The files of an
 * initramfs lie on the guest's disk only, so it plans nothing before the appliance is asked; what
 * it asks stands before the edits because it adds some itself.
 */
final class InitramfsRepair implements Fix {

  /** An archive of drivers is 0.2 to 4 MiB. */
  private static final long BYTES_PER_KERNEL = 8L << 20;

  @Override
  public String name() {
    return "initramfs";
  }

  @Override
  public FailureCode failureCode() {
    return FailureCode.FIX_INITRAMFS_FAILED;
  }

  @Override
  public boolean isWanted(FixSpec spec) {
    return spec.initramfs().isPresent();
  }

  @Override
  public EditPlan plan(FixContext context, FixEvidence evidence) {
    evidence.fact("regenerate", context.spec().initramfs().orElseThrow().regenerate());
    evidence.fact("kernels", List.of());
    return EditPlan.NOTHING;
  }

  @Override
  public long bytesOnBoot(GuestFacts guest) {
    return BYTES_PER_KERNEL * Math.max(1, guest.kernels().size());
  }

  @Override
  public void beforeEdits(FixContext context, FixEvidence evidence, GuestfishSession session) {
    List<GuestFacts.Kernel> kernels = context.guest().kernels();
    if (context.guest().comesInImages().isPresent()) {
      evidence.notApplicable(context.guest().comesInImages().get());
      return;
    }
    if (kernels.isEmpty() && context.unified().kernels().isEmpty()) {
      throw evidence.failed(
          "no kernel with its modules was found in /boot and /lib/modules"
              + (context.guest().unmatchedKernels().isEmpty()
                  ? ""
                  : "; images whose modules are not known: "
                      + Printable.guestLine(context.guest().unmatchedKernels().toString())));
    }
    KernelVerdicts verdicts = new KernelVerdicts(context, evidence);
    // Udev names cards in the initramfs already: what pins names must be in there, too.
    PinFiles pins = PinFiles.of(context.guest().texts(), context.edits().texts());
    int number = 0;
    for (GuestFacts.Kernel kernel : kernels) {
      KernelFiles files =
          new KernelFiles(
              kernel, context.toolFiles(), context.directory().resolve("kernel" + number++));
      new KernelRepair(context, files, verdicts, pins, session).ask();
    }
    UnifiedKernelRepair.askAll(context, evidence, Optional.of(verdicts), pins, session);
    session.then(
        GuestfishScript::new,
        answers -> {
          context.drivers().accept(verdicts.drivers());
          new DefaultKernelRepair(context, verdicts, session).ask();
        });
  }
}
