package io.hyper2kvm.stage.fix;

import io.hyper2kvm.guest.cloud.CloudInit;
import io.hyper2kvm.stage.Check;
import io.hyper2kvm.stage.StageResult;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.inspect.InspectResult;
import io.hyper2kvm.stage.inspect.UefiBoot;
import io.hyper2kvm.stage.load.LoadResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The result of FIX.
 *
 * @param evidence what each fix did and left alone, in their order
 * @param checks what was checked in the fixed guest; VALIDATE judges it
 * @param facts further keys of the report, about the guest as a whole; JSON-ready
 */
public record FixResult(List<FixEvidence> evidence, List<Check> checks, Map<String, Object> facts)
    implements StageResult {

  /** The name of the network fix. */
  public static final String NETWORK = "network";

  public FixResult {
    evidence = List.copyOf(evidence);
    checks = List.copyOf(checks);
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
  }

  /** A result without further keys. */
  public FixResult(List<FixEvidence> evidence, List<Check> checks) {
    this(evidence, checks, Map.of());
  }

  /** The same with one more check. */
  FixResult with(Check check) {
    List<Check> more = new ArrayList<>(checks);
    more.add(check);
    return new FixResult(evidence, more, facts);
  }

  /** The same with further keys of the report. */
  FixResult with(Map<String, Object> more) {
    Map<String, Object> all = new LinkedHashMap<>(facts);
    all.putAll(more);
    return new FixResult(evidence, checks, all);
  }

  /**
   * The checks of the guest: of the fixed one; when FIX was not needed, or has not come so far,
   * what INSPECT saw of it.
   */
  public static List<Check> checksOf(VmJob job) {
    return job.results()
        .find(FixResult.class)
        .map(FixResult::checks)
        .orElseGet(() -> inspectedOf(job).stream().toList());
  }

  /** Whether a fix changed something in the job's guest; settings of cloud-init name no card. */
  public static boolean isApplied(VmJob job, String fix) {
    return job.results().find(FixResult.class).stream()
        .flatMap(result -> result.evidence().stream())
        .anyMatch(found -> found.fixName().equals(fix) && found.changedBeside(CloudInit.RULE));
  }

  private static Optional<Check> inspectedOf(VmJob job) {
    Optional<InspectResult> inspected = InspectResult.find(job);
    if (inspected.isPresent()) {
      return inspected.get().uefi().check();
    }
    boolean uefi =
        job.results().find(LoadResult.class).filter(l -> l.machine().startsByUefi()).isPresent();
    return uefi ? Optional.of(UefiBoot.notInspected()) : Optional.empty();
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("fixes_applied", evidence.stream().map(FixEvidence::json).toList());
    json.putAll(facts);
    return json;
  }
}
