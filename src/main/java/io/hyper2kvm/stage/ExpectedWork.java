package io.hyper2kvm.stage;

import io.hyper2kvm.report.Estimate;
import java.util.Map;
import java.util.Optional;

/**
 * What the work on a VM after LOAD is expected to take.
 *
 * @param estimate empty where there are too few earlier VMs to tell
 */
public record ExpectedWork(Optional<Estimate> estimate) implements StageResult {

  /** The keys of one without an estimate. */
  public static Map<String, Object> unknown() {
    return Map.of("vms", 0);
  }

  /** It is in the report with the VM, not with a stage. */
  @Override
  public Map<String, Object> json() {
    return Map.of();
  }
}
