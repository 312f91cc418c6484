package io.hyper2kvm.stage.validate;

import io.hyper2kvm.report.ReportJson;
import io.hyper2kvm.tool.boot.BootEndpoints;
import io.hyper2kvm.tool.boot.BootPlan;
import io.hyper2kvm.tool.boot.BootVerdict;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A VM's boot test.
 *
 * @param plan what is booted and how
 * @param endpoints the sockets and files of QEMU
 * @param verdict the result; empty before the end
 */
public record BootRun(BootPlan plan, BootEndpoints endpoints, Optional<BootVerdict> verdict) {

  BootRun with(BootVerdict found) {
    return new BootRun(plan, endpoints, Optional.of(found));
  }

  /** The boot and its verdict, as the report shows them; only after the end. */
  Map<String, Object> json() {
    BootVerdict seen = verdict.orElseThrow();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("booted", seen.booted());
    seen.failure().ifPresent(failure -> json.put("failure", failure.name()));
    json.put("duration_seconds", ReportJson.seconds(seen.took()));
    json.put("network_up", seen.networkUp());
    json.put("disk_bus", plan.devices().bus().name().toLowerCase(Locale.ROOT));
    json.put("network_model", plan.devices().card());
    json.put("mac", plan.mac());
    json.put("accelerator", plan.kvm() ? "kvm" : "tcg");
    json.put("evidence", seen.evidence());
    if (!seen.booted()) {
      json.put("screen", seen.lastScreen());
      json.put("serial", seen.lastSerial());
    }
    return json;
  }
}
