package io.hyper2kvm.daemon.traces;

import io.hyper2kvm.daemon.intake.ManifestIntake;
import io.hyper2kvm.daemon.intake.ManifestRun;
import java.util.Optional;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.telemetry.Span;
import org.apache.camel.telemetry.decorators.FileSpanDecorator;

/**
 * The span of a manifest, which the file endpoint of the intake begins; found by its service file.
 */
public final class ManifestSpans extends FileSpanDecorator {

  @Override
  public String getOperationName(Exchange exchange, Endpoint endpoint) {
    return ManifestIntake.runOf(exchange).isPresent() ? "manifest" : "file";
  }

  @Override
  public void afterTracingEvent(Span span, Exchange exchange) {
    super.afterTracingEvent(span, exchange);
    Optional<ManifestRun> run = ManifestIntake.runOf(exchange);
    JobSpans.name(span, exchange);
    run.flatMap(ManifestRun::report)
        .ifPresent(report -> JobSpans.end(span, report.outcome().firstFailure()));
  }
}
