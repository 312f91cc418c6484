package io.hyper2kvm.daemon.traces;

import java.net.URI;
import java.util.Optional;
import org.apache.camel.main.Main;

/**
 * The traces of a daemon with a collector; nothing without one. Only {@link TraceExport} knows
 * OpenTelemetry, and it is loaded with a collector alone.
 */
public final class Traces implements AutoCloseable {

  private final Optional<TraceExport> export;

  private Traces(Optional<TraceExport> export) {
    this.export = export;
  }

  /** Makes no traces. */
  public static Traces none() {
    return new Traces(Optional.empty());
  }

  /**
   * Makes a trace of each manifest if there is a collector.
   *
   * @param collector takes OTLP over HTTP; nobody waits for it
   * @param version the program's version
   */
  public static Traces of(Optional<URI> collector, String version) {
    return new Traces(collector.map(url -> new TraceExport(url, version)));
  }

  /** Has Camel make the spans, from its start on. */
  public void attach(Main main) {
    export.ifPresent(there -> there.attach(main));
  }

  /** Sends what is left, for {@link TraceExport#FLUSH_LIMIT} at most. */
  @Override
  public void close() {
    if (export.isPresent()) { // A reference to the method would load its class without a collector.
      export.get().close();
    }
  }
}
