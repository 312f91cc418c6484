package io.hyper2kvm.config;

import io.hyper2kvm.manifest.rules.ManifestContext;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Everything the daemon is told before it starts: one record for each component, which is given
 * that record alone. {@link DaemonConfigLoader} makes it and checks the folders; the records hold
 * only what can be true at all.
 *
 * @param workflow where the daemon works, and on how much at once
 * @param intake which manifests are taken, and when
 * @param sources what may be read
 * @param output where outputs go
 * @param routes where the routes are
 * @param retention how long ended manifests are kept
 * @param stages how long the stages may take
 * @param bootTest how an output is booted for a test
 * @param tools how the tools are run
 * @param domain what libvirt domains get where a manifest says nothing
 * @param http where the daemon answers over HTTP
 * @param log what is logged, and where
 */
public record DaemonConfig(
    WorkflowConfig workflow,
    IntakeConfig intake,
    SourcesConfig sources,
    OutputConfig output,
    RoutesConfig routes,
    RetentionConfig retention,
    StagesConfig stages,
    BootTestConfig bootTest,
    ToolsConfig tools,
    DomainConfig domain,
    HttpConfig http,
    LogConfig log) {

  public DaemonConfig {
    Objects.requireNonNull(workflow, "workflow");
    Objects.requireNonNull(intake, "intake");
    Objects.requireNonNull(sources, "sources");
    Objects.requireNonNull(output, "output");
    Objects.requireNonNull(routes, "routes");
    Objects.requireNonNull(retention, "retention");
    Objects.requireNonNull(stages, "stages");
    Objects.requireNonNull(bootTest, "bootTest");
    Objects.requireNonNull(tools, "tools");
    Objects.requireNonNull(domain, "domain");
    Objects.requireNonNull(http, "http");
    Objects.requireNonNull(log, "log");
  }

  static DaemonConfig of(Values values) {
    return new DaemonConfig(
        WorkflowConfig.of(values),
        IntakeConfig.of(values),
        SourcesConfig.of(values),
        OutputConfig.of(values),
        RoutesConfig.of(values),
        RetentionConfig.of(values),
        StagesConfig.of(values),
        BootTestConfig.of(values),
        ToolsConfig.of(values),
        DomainConfig.of(values),
        HttpConfig.of(values),
        LogConfig.of(values));
  }

  /** How manifests are read. */
  public ManifestContext manifests() {
    return new ManifestContext(
        sources.dir(), sources.allowedRoots(), output.dir(), output.allowedRoots(), domain.spec());
  }

  /**
   * The configuration for one manifest alone, which lies in its drop zone before the work begins.
   *
   * @param ownDir a workflow directory of its own
   * @param ownWorkDir a work directory of its own
   * @param dry whether it is taken for a dry run, whatever it says
   */
  public DaemonConfig oneShot(Path ownDir, Path ownWorkDir, boolean dry) {
    return new DaemonConfig(
        workflow.oneShot(ownDir, ownWorkDir),
        intake.oneShot(dry),
        sources,
        output,
        routes,
        RetentionConfig.FOR_EVER,
        stages,
        bootTest,
        tools,
        domain,
        http.closed(),
        log);
  }
}
