package io.hyper2kvm.stage.validate;

import io.hyper2kvm.tool.boot.BootEndpoints;
import io.hyper2kvm.tool.boot.BootPlan;
import io.hyper2kvm.tool.boot.BootVerdict;
import java.util.Optional;

/**
 * A VM's boot test.
 *
 * @param plan what is booted and how
 * @param endpoints where QEMU is reached
 * @param verdict what was seen; empty before the end
 */
public record BootRun(BootPlan plan, BootEndpoints endpoints, Optional<BootVerdict> verdict) {

  BootRun with(BootVerdict found) {
    return new BootRun(plan, endpoints, Optional.of(found));
  }
}
