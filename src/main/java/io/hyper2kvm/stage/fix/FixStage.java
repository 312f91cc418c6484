package io.hyper2kvm.stage.fix;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.manifest.model.FixSpec;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.inspect.InspectResult;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Stage FIX: the guest is made to boot and to reach its network on virtio hardware, through the
 * appliance that INSPECT started.
 */
public final class FixStage {

  /** Whether the manifest asks for any fix. */
  public boolean isNeeded(VmJob job) {
    return job.hasWorkLeft() && job.spec().pipeline().fix().any();
  }

  /** The stage begins: what can be decided from what INSPECT read is decided, and refused, now. */
  public void begin(VmJob job) {
    job.enter(StageName.FIX);
    if (isOfWindows(job) && job.spec().pipeline().fix().firstboot().isPresent()) {
      throw StageFailedException.because(
          FailureCode.FIX_FIRSTBOOT_FAILED,
          "the guest is Windows, which runs no script of firstboot: leave firstboot out of this VM (enabled: false), and run the script in the guest by hand");
    }
    job.appliance().begin(isOfWindows(job) ? new GuestfishSession() : new Fixing(job).dialogue());
  }

  /** Whether the guest is a Windows whose drivers were asked for: route stage-windows fixes it. */
  public static boolean isOfWindows(VmJob job) {
    return job.spec().pipeline().fix().windows().isPresent()
        && InspectResult.find(job)
            .filter(found -> found.guest().os().equals("windows"))
            .isPresent();
  }

  /**
   * The evidence of the fix of a Windows.
   *
   * @param details makes the stage's keys in the report
   */
  public static FixEvidence windowsEvidence(Supplier<Map<String, Object>> details) {
    return new FixEvidence(new WindowsRepair(), details);
  }

  /** The evidence of the other fixes that were asked for of a Windows: there is nothing of it. */
  public static List<FixEvidence> notOfWindows(FixSpec spec) {
    return Fixing.notOfWindows(spec);
  }

  /** Every fix took effect. */
  public void finish(VmJob job) {
    job.complete(job.results().get(FixResult.class));
  }
}
