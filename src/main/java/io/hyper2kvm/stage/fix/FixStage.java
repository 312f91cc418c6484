package io.hyper2kvm.stage.fix;

import io.hyper2kvm.report.StageName;
import io.hyper2kvm.stage.VmJob;
import java.util.Map;

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
    Fixing fixing = new Fixing(job);
    job.fixing(fixing);
    job.dialogue(fixing.dialogue());
  }

  /** Every fix took effect. */
  public void finish(VmJob job) {
    Map<String, Object> details = job.fixing().orElseThrow().details();
    job.succeed(details);
  }
}
