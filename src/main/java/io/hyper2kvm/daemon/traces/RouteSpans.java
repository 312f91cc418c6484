package io.hyper2kvm.daemon.traces;

import io.hyper2kvm.report.StageName;
import io.hyper2kvm.report.VmOutcome;
import io.hyper2kvm.stage.Failures;
import java.util.Arrays;
import java.util.Optional;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.telemetry.Span;
import org.apache.camel.telemetry.decorators.DirectSpanDecorator;

/** The spans of VMs, stages and other routes that begin with direct; found by its service file. */
public final class RouteSpans extends DirectSpanDecorator {

  private static final String STAGE = "stage-";

  @Override
  public String getOperationName(Exchange exchange, Endpoint endpoint) {
    String route = stripSchemeAndOptions(endpoint);
    if (route.equals("vm-pipeline")) {
      return "vm";
    }
    return stage(route).map(stage -> "stage " + stage.text()).orElse(route);
  }

  @Override
  public void beforeTracingEvent(Span span, Exchange exchange, Endpoint endpoint) {
    super.beforeTracingEvent(span, exchange, endpoint);
    JobSpans.name(span, exchange);
    stage(stripSchemeAndOptions(endpoint))
        .ifPresent(stage -> span.setTag(JobSpans.STAGE, stage.text()));
  }

  @Override
  public void afterTracingEvent(Span span, Exchange exchange) {
    super.afterTracingEvent(span, exchange);
    if (exchange.getMessage().getBody() instanceof VmOutcome outcome) {
      JobSpans.end(span, outcome);
    } else if (exchange.getException() != null) {
      JobSpans.job(exchange)
          .map(job -> Failures.of(job.name(), job.stage(), exchange.getException()))
          .ifPresent(failure -> JobSpans.end(span, Optional.of(failure)));
    }
  }

  private static Optional<StageName> stage(String route) {
    return Arrays.stream(StageName.values())
        .filter(stage -> route.equals(STAGE + stage.text()))
        .findFirst();
  }
}
