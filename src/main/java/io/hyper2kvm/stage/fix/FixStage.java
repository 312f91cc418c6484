package io.hyper2kvm.stage.fix;

import io.hyper2kvm.report.StageName;
import io.hyper2kvm.stage.VmJob;

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
    job.appliance().begin(new Fixing(job).dialogue());
  }

  /** Every fix took effect. */
  public void finish(VmJob job) {
    job.complete(job.results().get(FixResult.class));
  }
}
