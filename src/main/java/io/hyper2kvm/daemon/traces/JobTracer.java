package io.hyper2kvm.daemon.traces;

import io.hyper2kvm.daemon.hooks.HookComponent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.opentelemetry2.OpenTelemetryTracer;
import org.apache.camel.telemetry.Op;

/**
 * Camel's tracer without the spans that say nothing of their own. Camel makes one span where a
 * route sends to another, and one in it where the other begins; here only the second is made. A
 * hook that no route follows is none, and neither is the timer that looks for cancellations.
 */
final class JobTracer extends OpenTelemetryTracer {

  private static final String OPEN = "h2kOpenSpans";
  private static final String OWN_TIMERS =
      "timer:manifest-cancel*,timer:manifest-drain*,timer:retention*";

  /**
   * The spans that have begun, also those that are not made: Camel says only that the last one
   * ends. Exchanges share it, as they share Camel's own list.
   *
   * @param made whether Camel's tracer made it
   * @param trace the innermost span that was made, as the header {@code traceparent}; null for none
   * @param outer the one around it; null for none
   */
  private record Open(boolean made, String trace, Open outer) {}

  JobTracer() {
    setExcludePatterns(OWN_TIMERS);
  }

  @Override
  protected void beginEventSpan(Exchange exchange, Endpoint endpoint, Op op) throws Exception {
    Open outer = exchange.getProperty(OPEN, Open.class);
    if (op != Op.EVENT_SENT || !isInside(endpoint.getEndpointUri())) {
      super.beginEventSpan(exchange, endpoint, op);
      exchange.setProperty(OPEN, new Open(true, current(), outer));
    } else {
      String trace = outer == null ? null : outer.trace();
      exchange.setProperty(OPEN, new Open(false, trace, outer));
      exchange.setProperty(HookComponent.TRACE, trace);
    }
  }

  /** The span that has begun on this thread, as W3C's Trace Context writes it. */
  private static String current() {
    SpanContext span = Span.current().getSpanContext();
    return "00-%s-%s-%s"
        .formatted(span.getTraceId(), span.getSpanId(), span.getTraceFlags().asHex());
  }

  @Override
  protected void endEventSpan(Exchange exchange, Endpoint endpoint) throws Exception {
    Open last = exchange.getProperty(OPEN, Open.class);
    if (last == null || last.outer() == null) {
      exchange.removeProperty(OPEN);
    } else {
      exchange.setProperty(OPEN, last.outer());
    }
    if (last != null && last.made()) {
      super.endEventSpan(exchange, endpoint);
    }
  }

  private static boolean isInside(String uri) {
    return uri.startsWith("direct:") || uri.startsWith("hook:");
  }
}
