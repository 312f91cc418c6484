package io.hyper2kvm.stage.fix;

import io.hyper2kvm.stage.Check;
import io.hyper2kvm.stage.StageResult;
import io.hyper2kvm.stage.VmJob;
import java.util.List;
import java.util.Map;

/**
 * The result of FIX.
 *
 * @param evidence what each fix did and left alone, in their order
 * @param checks what was checked in the fixed guest; VALIDATE judges it
 */
public record FixResult(List<FixEvidence> evidence, List<Check> checks) implements StageResult {

  public FixResult {
    evidence = List.copyOf(evidence);
    checks = List.copyOf(checks);
  }

  /** The checks of the fixed guest; none when FIX was not needed, or has not come so far. */
  public static List<Check> checksOf(VmJob job) {
    return job.results().find(FixResult.class).map(FixResult::checks).orElse(List.of());
  }

  @Override
  public Map<String, Object> json() {
    return Map.of("fixes_applied", evidence.stream().map(FixEvidence::json).toList());
  }
}
