package io.hyper2kvm.daemon.observe;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.apache.camel.health.HealthCheck;

/** The state of the daemon at the time of a scrape; no scrape waits for a file system. */
final class DaemonMetrics {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String RESIDENT = "VmRSS:";

  private final PrometheusRegistry registry;

  DaemonMetrics(PrometheusRegistry registry) {
    this.registry = registry;
  }

  /** The program itself. */
  void program(String version, int jobs) {
    Info.builder()
        .name("hyper2kvm_build_info")
        .help("The program's version and that of its Java; always 1")
        .labelNames("version", "java")
        .register(registry)
        .addLabelValues(version, Runtime.version().toString());
    gauge(
        "hyper2kvm_vm_places", "VMs that may be at work at once (max_concurrent_jobs)", () -> jobs);
    double started =
        ProcessHandle.current().info().startInstant().orElseGet(Instant::now).toEpochMilli()
            / 1000.0;
    gauge(
        "process_start_time_seconds",
        "When the process was started, in seconds since 1970",
        () -> started);
    gauges(
        "process_resident_memory_bytes",
        "Memory of the process without its tools",
        gauge -> {
          long bytes = resident();
          if (bytes > 0) {
            gauge.call(bytes);
          }
        });
  }

  /** The work and the queue. */
  void work(Observed observed, OutcomeMetrics outcomes, FolderWatch watch) {
    gauges(
        "hyper2kvm_manifests_waiting",
        "Manifests in to_be_processed/",
        gauge -> waiting(watch, gauge, WaitingManifests::count));
    gauges(
        "hyper2kvm_oldest_manifest_waiting_seconds",
        "How long the first of those has been there whose time has come; 0 without one",
        gauge -> waiting(watch, gauge, found -> found.oldest().toMillis() / 1000.0));
    gauge(
        "hyper2kvm_manifests_running",
        "Manifests that were taken and have not ended",
        () -> observed.inFlight().count());
    gauge(
        "hyper2kvm_manifests_scheduled",
        "Manifests in to_be_processed/ whose time has not come",
        () -> observed.scheduled().getAsLong());
    gauge(
        "hyper2kvm_manifests_waiting_for_space",
        "Manifests whose VMs have ended and whose report has no space",
        () -> observed.ends().count());
    gauge("hyper2kvm_vms_running", "VMs at work", outcomes::running);
    gauge(
        "hyper2kvm_vms_waiting",
        "VMs of running manifests that wait for a place",
        outcomes::waiting);
    gauges(
        "hyper2kvm_tools_running",
        "Tools that run for VMs now",
        gauge -> observed.tools().running().forEach((tool, count) -> gauge.call(count, tool)),
        "tool");
    gauge(
        "hyper2kvm_drop_zone_last_look_timestamp_seconds",
        "When the last look into the drop zone ended, in seconds since 1970",
        () -> observed.polls().lastLook().toEpochMilli() / 1000.0);
  }

  /** The folders and their space. */
  void folders(FolderWatch watch) {
    folder(watch, "hyper2kvm_folder_free_bytes", "Free space of each folder", FolderState::free);
    folder(
        watch,
        "hyper2kvm_folder_size_bytes",
        "Size of the file system of each folder",
        FolderState::total);
  }

  /** The health checks, for alerts. */
  void checks(List<? extends HealthCheck> checks) {
    gauges(
        "hyper2kvm_check_up",
        "1 while the health check is UP, else 0",
        gauge ->
            checks.forEach(
                check ->
                    gauge.call(
                        check.call().getState() == HealthCheck.State.UP ? 1 : 0, check.getId())),
        "check");
  }

  private void folder(
      FolderWatch watch, String name, String help, ToLongFunction<FolderState> value) {
    gauges(
        name,
        help,
        gauge ->
            watch.last().stream()
                .flatMap(looked -> looked.folders().stream())
                .filter(state -> state.total() > 0)
                .forEach(
                    state ->
                        gauge.call(
                            value.applyAsLong(state),
                            state.folder().key(),
                            state.folder().path().toString())),
        "folder",
        "path");
  }

  private static void waiting(
      FolderWatch watch,
      GaugeWithCallback.Callback gauge,
      ToDoubleFunction<WaitingManifests> value) {
    watch
        .last()
        .flatMap(FolderWatch.Looked::waiting)
        .ifPresent(found -> gauge.call(value.applyAsDouble(found)));
  }

  /** A number that is there at each scrape. */
  @FunctionalInterface
  private interface Number {
    double now();
  }

  private void gauge(String name, String help, Number value) {
    gauges(name, help, gauge -> gauge.call(value.now()));
  }

  private void gauges(
      String name, String help, Consumer<GaugeWithCallback.Callback> values, String... labels) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames(labels)
        .callback(values)
        .register(registry);
  }

  /** In bytes; 0 where the kernel does not tell. */
  private static long resident() {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith(RESIDENT)) {
          return Long.parseLong(line.replaceAll("\\D", "")) << 10;
        }
      }
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
    return 0;
  }
}
