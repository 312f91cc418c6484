package io.hyper2kvm.stage.validate;

import io.hyper2kvm.stage.Check;
import io.hyper2kvm.stage.StageResult;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.fix.FixResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The results of VALIDATE.
 *
 * @param checks the checks of the fixed guest, and then its own
 * @param boot the boot test; empty when none was begun
 */
public record ValidateResult(List<Check> checks, Optional<BootRun> boot) implements StageResult {

  public ValidateResult {
    checks = List.copyOf(checks);
    Objects.requireNonNull(boot, "boot");
  }

  /** The results of VALIDATE so far; at its beginning the checks of the fixed guest. */
  public static ValidateResult of(VmJob job) {
    return job.results()
        .find(ValidateResult.class)
        .orElseGet(() -> new ValidateResult(FixResult.checksOf(job), Optional.empty()));
  }

  /** The same with one more check. */
  ValidateResult with(Check check) {
    List<Check> more = new ArrayList<>(checks);
    more.add(check);
    return new ValidateResult(more, boot);
  }

  /** The same with a boot test, begun or ended. */
  ValidateResult with(BootRun run) {
    return new ValidateResult(checks, Optional.of(run));
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("checks", checks.stream().map(Check::json).toList());
    boot.filter(run -> run.verdict().isPresent())
        .ifPresent(run -> json.put("boot_test", run.json()));
    return json;
  }
}
