/**
 * Traces: Camel's tracer makes spans of the routes and tools, and what is here adds the names of
 * manifest, VM and stage and sends them to a collector. Without a collector no class of
 * OpenTelemetry is loaded. A collector that does not answer holds up nothing. Metrics are in
 * package {@code observe}.
 */
package io.hyper2kvm.daemon.traces;
