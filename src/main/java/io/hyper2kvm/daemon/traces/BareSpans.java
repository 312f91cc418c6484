package io.hyper2kvm.daemon.traces;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.DelegatingSpanData;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Sends of each span only what is known to be harmless. Camel adds the whole address of an endpoint
 * and the message of an exception, where an operator's route may have a token and a guest any text.
 * It also logs, once, that the collector does not take the spans.
 */
final class BareSpans implements SpanExporter {

  private static final Logger LOG = LogManager.getLogger(BareSpans.class);
  private static final Set<String> KEPT = Set.of("component", "op");
  private static final int MAX_NAME_CHARS = 100;

  /** The exporter writes its failures to standard error, past the log. */
  private static final java.util.logging.Logger EXPORTERS =
      java.util.logging.Logger.getLogger("io.opentelemetry");

  private final SpanExporter sender;
  private final URI collector;
  private final AtomicBoolean failing = new AtomicBoolean();

  BareSpans(SpanExporter sender, URI collector) {
    this.sender = sender;
    this.collector = collector;
    EXPORTERS.setLevel(java.util.logging.Level.OFF);
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    CompletableResultCode result = sender.export(spans.stream().<SpanData>map(Bare::new).toList());
    return result.whenComplete(() -> note(result.isSuccess()));
  }

  private void note(boolean taken) {
    if (failing.getAndSet(!taken) == taken) {
      if (taken) {
        LOG.info("traces-taken-again by={}", collector);
      } else {
        LOG.warn(
            "traces-not-taken by={} reason=no answer, or a refusal: spans are lost until it"
                + " answers; the work goes on",
            collector);
      }
    }
  }

  @Override
  public CompletableResultCode flush() {
    return sender.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return sender.shutdown();
  }

  private static boolean isKept(AttributeKey<?> key) {
    return key.getKey().startsWith(JobSpans.PREFIX) || KEPT.contains(key.getKey());
  }

  private static final class Bare extends DelegatingSpanData {

    Bare(SpanData whole) {
      super(whole);
    }

    @Override
    public String getName() {
      String name = super.getName();
      return name.length() <= MAX_NAME_CHARS ? name : name.substring(0, MAX_NAME_CHARS);
    }

    @Override
    public Attributes getAttributes() {
      return super.getAttributes().toBuilder().removeIf(key -> !isKept(key)).build();
    }

    @Override
    public List<EventData> getEvents() {
      return List.of();
    }
  }
}
