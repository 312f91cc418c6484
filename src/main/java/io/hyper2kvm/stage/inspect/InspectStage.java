package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guest.network.NetworkPlan;
import io.hyper2kvm.guest.network.survey.Interface;
import io.hyper2kvm.guestfish.Guestfish;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.stage.StageSettings;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.load.SectorSizes;
import io.hyper2kvm.tool.ToolCall;
import io.hyper2kvm.tool.ToolRecord;
import io.hyper2kvm.tool.ToolResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

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
    return ToolCall.of(Guestfish.listen()).withErrorsIn(applianceLog(job));
  }

  /** Where the listening process writes its errors. */
  public static Path applianceLog(VmJob job) {
    return job.directory().resolve("appliance.log");
  }

  /** The listening process is there; the questions of this stage are made ready. */
  public void acceptListener(VmJob job, ToolResult result) throws IOException {
    try {
      long pid = Guestfish.parsePid(result.text());
      if (!job.toolFiles().user().owns(pid)) {
        // It would be ended at the end, whatever it is.
        throw StageFailedException.because(
            FailureCode.APPLIANCE_FAILED,
            "guestfish names process %d, which is none of %s's"
                .formatted(pid, job.toolFiles().user().name()));
      }
      job.appliance(OptionalLong.of(pid));
      // It outlives the command that started it.
      ToolRecord.write(job.directory(), pid);
    } catch (IllegalArgumentException e) {
      throw StageFailedException.causedBy(FailureCode.APPLIANCE_FAILED, e.getMessage(), e);
    }
    job.dialogue(new Inspection(job, settings).dialogue());
  }

  private static Map<String, Object> networkJson(NetworkPlan plan) {
    List<Object> interfaces = new ArrayList<>();
    for (Interface card : plan.interfaces()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("name", card.name());
      entry.put("configured_in", card.configuredIn());
      entry.put("addresses", card.addresses());
      card.gateway().ifPresent(gateway -> entry.put("gateway", gateway));
      card.oldMac().ifPresent(mac -> entry.put("mac", mac));
      interfaces.add(entry);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("configured_by", List.copyOf(plan.configuredBy()));
    json.put("interfaces", interfaces);
    return json;
  }

  /** All questions are answered. */
  public void finish(VmJob job) {
    GuestFacts guest =
        job.guest()
            .orElseThrow(() -> new IllegalStateException("the inspection ended without facts"));
    SectorSizes.afterInspect(job, guest);
    Map<String, Object> details = new LinkedHashMap<>();
    // What a boot needs to know, and the domain, whatever is asked of the system.
    details.put("architecture", guest.architecture());
    details.put("firmware", guest.firmware());
    details.put("boot_disk", guest.bootDisk() + 1);
    boolean named = job.spec().pipeline().inspect().detectOs() || job.spec().pipeline().fix().any();
    if (named) {
      details.put("os_detected", guest.prettyName());
      details.putAll(guest.json());
      job.network().ifPresent(plan -> details.put("network", networkJson(plan)));
    }
    job.succeed(details);
  }
}
