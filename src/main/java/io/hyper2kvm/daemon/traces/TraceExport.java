package io.hyper2kvm.daemon.traces;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Sends the spans to a collector, from a thread of its own and out of a queue with a limit: what
 * does not fit is dropped.
 */
final class TraceExport implements AutoCloseable {

  /** How long a stop waits for the last spans to be sent. */
  static final Duration FLUSH_LIMIT = Duration.ofSeconds(3);

  private static final Logger LOG = LogManager.getLogger(TraceExport.class);
  private static final String SCOPE = "io.hyper2kvm";
  private static final String PATH = "/v1/traces";
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofSeconds(2);

  /** A span takes some 2 KiB: at most 8 MiB wait for the collector. */
  static final int QUEUE = 4096;

  private static final int MAX_VALUE_CHARS = 256;
  private static final int MAX_ATTRIBUTES = 32;

  private final SdkTracerProvider provider;

  TraceExport(URI collector, String version) {
    OtlpHttpSpanExporter sender =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(endpoint(collector))
            .setConnectTimeout(CONNECT_LIMIT)
            .setTimeout(ANSWER_LIMIT)
            .setRetryPolicy(null) // The queue is the limit; a lost span is no loss of work.
            .build();
    provider =
        SdkTracerProvider.builder()
            .setResource(resource(version))
            .setSpanLimits(
                SpanLimits.builder()
                    .setMaxAttributeValueLength(MAX_VALUE_CHARS)
                    .setMaxNumberOfAttributes(MAX_ATTRIBUTES)
                    .build())
            .addSpanProcessor(
                BatchSpanProcessor.builder(new BareSpans(sender, collector))
                    .setMaxQueueSize(QUEUE)
                    .setScheduleDelay(PAUSE)
                    .setExporterTimeout(ANSWER_LIMIT.plus(CONNECT_LIMIT))
                    .build())
            .build();
    LOG.info("traces-sent to={}", collector);
  }

  /** Collectors name their address without the path of the protocol; both are understood. */
  static String endpoint(URI collector) {
    String base = collector.toString().replaceFirst("/+$", "");
    return base.endsWith(PATH) ? base : base + PATH;
  }

  private static Resource resource(String version) {
    return Resource.create(
        Attributes.builder()
            .put("service.name", "hyper2kvm")
            .put("service.version", version)
            .put("host.name", hostName())
            .build());
  }

  /** As the kernel has it: a look-up could take long. */
  private static String hostName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }

  /** Makes spans that are sent. */
  Tracer tracer() {
    return provider.get(SCOPE);
  }

  void attach(Main main) {
    // Camel's tracer finds both by their types.
    main.bind("h2kTracer", tracer());
    main.bind(
        "h2kTracePropagators", ContextPropagators.create(W3CTraceContextPropagator.getInstance()));
    main.addMainListener(
        new MainListenerSupport() {
          @Override
          public void beforeConfigure(BaseMainSupport configured) {
            new JobTracer().init(configured.getCamelContext());
          }
        });
  }

  @Override
  public void close() {
    CompletableResultCode end = provider.shutdown();
    end.join(FLUSH_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    if (!end.isDone()) {
      LOG.warn("traces-lost reason=the collector did not take the last ones in {}", FLUSH_LIMIT);
    }
  }
}
