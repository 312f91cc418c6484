package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.report.StageName;
import io.hyper2kvm.stage.StageSettings;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.load.SectorSizes;
import io.hyper2kvm.tool.ToolCall;
import io.hyper2kvm.tool.ToolResult;
import java.io.IOException;

/**
 * Stage INSPECT: starts the VM's one appliance and finds out what the guest is. FIX goes on in the
 * same appliance.
 */
public final class InspectStage {

  private final StageSettings settings;

  /** A stage INSPECT for this installation. */
  public InspectStage(StageSettings settings) {
    this.settings = settings;
  }

  /** Whether the manifest's VM must be looked into. */
  public boolean isNeeded(VmJob job) {
    return job.hasWorkLeft() && job.needsAppliance();
  }

  /** The stage begins. */
  public void begin(VmJob job) {
    job.enter(StageName.INSPECT);
  }

  /** The call of guestfish that starts the listening process, which goes on after it. */
  public ToolCall listen(VmJob job) {
    return ApplianceStart.call(job);
  }

  /** The listening process is there; the questions of this stage are made ready. */
  public void acceptListener(VmJob job, ToolResult result) throws IOException {
    ApplianceStart.accept(job, result);
    job.appliance().begin(new Inspection(job, settings).session());
  }

  /** All questions are answered. */
  public void finish(VmJob job) {
    InspectResult found = job.results().get(InspectResult.class);
    GuestFacts guest = found.guest();
    SectorSizes.afterInspect(job, guest.bootDisk(), guest.firmware().equals("uefi"));
    job.complete(found);
  }
}
