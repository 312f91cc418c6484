package io.hyper2kvm.daemon.traces;

import io.hyper2kvm.daemon.exec.ToolComponent;
import io.hyper2kvm.daemon.intake.ManifestIntake;
import io.hyper2kvm.report.Failure;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.report.VmOutcome;
import io.hyper2kvm.stage.VmJob;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.telemetry.Span;

/** What a span says of the manifest and the VM that it belongs to. */
final class JobSpans {

  /** How the attributes of this program begin; docs/metrics.md has them all. */
  static final String PREFIX = "hyper2kvm.";

  static final String STAGE = PREFIX + "stage";
  private static final String MANIFEST = PREFIX + "manifest";
  private static final String VM = PREFIX + "vm";
  private static final String OUTCOME = PREFIX + "outcome";
  private static final String CODE = PREFIX + "failure_code";
  private static final String OUTPUT_BYTES = PREFIX + "output_bytes";

  private JobSpans() {}

  /** Names the manifest, and the VM if it is about one. */
  static void name(Span span, Exchange exchange) {
    Optional<VmJob> job = job(exchange);
    job.map(VmJob::manifestName)
        .or(() -> ManifestIntake.runOf(exchange).map(run -> run.original().name()))
        .ifPresent(manifest -> span.setTag(MANIFEST, manifest));
    job.ifPresent(vm -> span.setTag(VM, vm.name()));
  }

  /** The VM that the exchange is about, also in a route that a hook called. */
  static Optional<VmJob> job(Exchange exchange) {
    Object job = exchange.getProperty(ToolComponent.HOOKED_JOB);
    if (job == null) {
      job = exchange.getVariable("vmJob");
    }
    return job instanceof VmJob vm ? Optional.of(vm) : Optional.empty();
  }

  /** Says how it ended. */
  static void end(Span span, Optional<Failure> failure) {
    span.setTag(OUTCOME, failure.isPresent() ? "failed" : "completed");
    failure.ifPresent(
        why -> {
          span.setError(true);
          span.setTag(CODE, why.code().name());
        });
  }

  /** Says how a VM ended, and how large its outputs are. */
  static void end(Span span, VmOutcome outcome) {
    end(span, outcome.failure());
    outcome.failure().flatMap(Failure::stage).ifPresent(stage -> span.setTag(STAGE, stage.text()));
    Object size = outcome.stages().get(StageName.CONVERT).details().get("size_bytes");
    if (outcome.succeeded() && size instanceof Number bytes) {
      span.setTag(OUTPUT_BYTES, bytes.toString());
    }
  }
}
