package io.hyper2kvm.daemon.observe;

import io.hyper2kvm.config.DaemonConfig;
import io.hyper2kvm.config.HttpConfig;
import io.hyper2kvm.daemon.traces.Traces;
import io.hyper2kvm.report.ProgressListener;
import io.hyper2kvm.workflow.WorkflowDirectories;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;

/**
 * The health checks and the metrics of a daemon with a management port, and the traces of one with
 * a collector; nothing without them.
 */
public final class Observation implements AutoCloseable {

  /** The name by which Camel's component finds the registry. */
  private static final String REGISTRY = "metricsRegistry";

  /** Our metrics alone: Camel's own have a series for each route, endpoint and event. */
  private static final Map<String, String> METRICS =
      Map.of(
          "camel.metrics.enabled", "true",
          "camel.metrics.skipCamelInfo", "true",
          "camel.metrics.enableRoutePolicy", "false",
          "camel.metrics.enableExchangeEventNotifier", "false",
          "camel.metrics.enableRouteEventNotifier", "false");

  private final Optional<Parts> parts;
  private final Traces traces;

  /** What there is only with a port, so that no class of a metric is loaded without one. */
  private record Parts(
      DaemonConfig config,
      int port,
      PrometheusMeterRegistry registry,
      OutcomeMetrics outcomes,
      FolderWatch watch) {}

  private Observation(Optional<Parts> parts, Traces traces) {
    this.parts = parts;
    this.traces = traces;
  }

  /** Observes nothing. */
  public static Observation none() {
    return new Observation(Optional.empty(), Traces.none());
  }

  /** Observes if the configuration has a port for the answers, or a collector. */
  public static Observation of(DaemonConfig config, Clock clock) {
    return new Observation(
        config.http().port().map(port -> parts(config, port, clock)),
        Traces.of(config.http().traces(), version()));
  }

  private static Parts parts(DaemonConfig config, int port, Clock clock) {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    return new Parts(
        config,
        port,
        registry,
        new OutcomeMetrics(registry.getPrometheusRegistry()),
        new FolderWatch(
            folders(config),
            new WorkflowDirectories(config.workflow().dir()).toBeProcessed(),
            clock));
  }

  private static List<FolderState.Folder> folders(DaemonConfig config) {
    List<FolderState.Folder> folders = new ArrayList<>();
    WorkflowDirectories workflow = new WorkflowDirectories(config.workflow().dir());
    folders.add(
        new FolderState.Folder(
            "manifest_workflow_dir",
            workflow.root(),
            true,
            List.of(
                workflow.toBeProcessed(),
                workflow.processing(),
                workflow.processed(),
                workflow.failed(),
                workflow.recovery())));
    folders.add(new FolderState.Folder("work_dir", config.workflow().workDir(), true));
    folders.add(new FolderState.Folder("output_dir", config.output().dir(), true));
    config
        .output()
        .allowedRoots()
        .forEach(root -> folders.add(new FolderState.Folder("allowed_output_roots", root, false)));
    config
        .log()
        .file()
        .map(Path::getParent)
        .ifPresent(folder -> folders.add(new FolderState.Folder("log_dir", folder, false)));
    return folders;
  }

  /** Is told of every manifest and VM that ends. */
  public ProgressListener listener() {
    return parts.<ProgressListener>map(Parts::outcomes).orElse(ProgressListener.NONE);
  }

  /**
   * Serves the answers, and begins to look at the folders.
   *
   * @param checks further checks, which are bound
   * @return the properties that Camel needs for it
   */
  public Map<String, String> serve(Main main, Observed observed, List<AbstractHealthCheck> checks) {
    traces.attach(main);
    parts.ifPresent(there -> serve(main, observed, there, checks));
    return parts.isPresent() ? METRICS : Map.of();
  }

  private static void serve(
      Main main, Observed observed, Parts parts, List<AbstractHealthCheck> others) {
    HttpConfig http = parts.config().http();
    var server = main.configure().httpManagementServer();
    server.setEnabled(true);
    server.setHost(http.host());
    server.setPort(parts.port());
    server.setHealthCheckEnabled(true);
    server.setMetricsEnabled(true);
    main.configure().health().setExposureLevel("full");
    main.bind(REGISTRY, parts.registry());

    List<AbstractHealthCheck> own = new ArrayList<>();
    own.add(
        new PollerHealth(
            observed.polls(), parts.config().intake().pollInterval(), PollerHealth.LIMIT));
    own.add(new RouteHealth());
    own.add(FolderHealth.writable(parts.watch()));
    own.add(FolderHealth.space(parts.watch(), http.minFreeSpace()));
    own.add(new AcceptingHealth(observed.refusal()));
    own.forEach(check -> main.bind(check.getId() + "Health", check));
    List<AbstractHealthCheck> checks = new ArrayList<>(others);
    checks.addAll(own);
    main.addMainListener(
        new MainListenerSupport() {
          @Override
          public void beforeConfigure(BaseMainSupport configured) {
            checks.forEach(check -> check.setCamelContext(configured.getCamelContext()));
          }
        });

    parts.outcomes().stopping(observed.stopping());
    DaemonMetrics gauges = new DaemonMetrics(parts.registry().getPrometheusRegistry());
    gauges.program(version(), parts.config().workflow().maxConcurrentJobs());
    gauges.work(observed, parts.outcomes(), parts.watch());
    gauges.folders(parts.watch());
    gauges.checks(checks);
    parts.watch().start(observed.waitsForTime());
  }

  private static String version() {
    String version = Observation.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }

  @Override
  public void close() {
    parts.ifPresent(there -> there.watch().close());
    traces.close();
  }
}
