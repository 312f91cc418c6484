package io.hyper2kvm.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.cli.display.Progress;
import io.hyper2kvm.cli.output.CommandFailedException;
import io.hyper2kvm.cli.output.ReportPlace;
import io.hyper2kvm.cli.output.ReportText;
import io.hyper2kvm.cli.output.Surroundings;
import io.hyper2kvm.config.BootTestConfig;
import io.hyper2kvm.config.ConfigKey;
import io.hyper2kvm.config.DaemonConfig;
import io.hyper2kvm.config.DomainConfig;
import io.hyper2kvm.config.LoadedConfig;
import io.hyper2kvm.config.LogConfig;
import io.hyper2kvm.config.Origin;
import io.hyper2kvm.config.OutputConfig;
import io.hyper2kvm.config.RoutesConfig;
import io.hyper2kvm.config.SourcesConfig;
import io.hyper2kvm.config.StagesConfig;
import io.hyper2kvm.config.ToolsConfig;
import io.hyper2kvm.config.WorkflowConfig;
import io.hyper2kvm.daemon.boot.ConfiguredSigner;
import io.hyper2kvm.daemon.boot.OneShot;
import io.hyper2kvm.report.SignedReports;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** What {@code hyper2kvm run} and {@code hyper2kvm plan} do: one manifest, without a daemon. */
final class OneShotWork {

  private static final int STOPPED = 130;
  private static final Duration LONGEST_STOP = Duration.ofSeconds(60);

  private static final ConfigKey<?>[] KEYS = {
    OutputConfig.OUTPUT_DIR,
    SourcesConfig.SOURCE_DIR,
    SourcesConfig.ALLOWED_SOURCE_ROOTS,
    SourcesConfig.ALLOWED_DEVICES,
    OutputConfig.ALLOWED_OUTPUT_ROOTS,
    WorkflowConfig.WORK_DIR,
    RoutesConfig.ROUTES_DIR,
    RoutesConfig.EXTRA_ROUTES_DIR,
    WorkflowConfig.MAX_CONCURRENT_JOBS,
    StagesConfig.LOAD_TIMEOUT,
    StagesConfig.INSPECT_TIMEOUT,
    StagesConfig.FIX_TIMEOUT,
    StagesConfig.CONVERT_TIMEOUT,
    StagesConfig.VALIDATE_TIMEOUT,
    BootTestConfig.BOOT_TEST_TIMEOUT,
    ToolsConfig.APPLIANCE_MEMORY,
    BootTestConfig.BOOT_TEST_MEMORY,
    ToolsConfig.CONVERT_THREADS,
    ToolsConfig.KVM,
    ToolsConfig.TOOL_USER,
    ToolsConfig.LUKS_KEYS,
    DomainConfig.DOMAIN_DISK_BUS,
    DomainConfig.DOMAIN_NETWORK_MODEL,
    DomainConfig.DOMAIN_NETWORKS,
    DomainConfig.DOMAIN_CPU,
    OutputConfig.SIGNING_KEY,
    OutputConfig.SIGNING_BUILDER_ID,
    LogConfig.LOG_FILE
  };

  /**
   * What is printed.
   *
   * @param json the report itself in place of its words
   * @param quiet no progress; of a run, no result either unless it failed
   * @param verbose the log in place of the progress
   */
  record Printing(boolean json, boolean quiet, boolean verbose) {}

  private final Surroundings surroundings;
  private final ConfigOptions options;
  private final CommandSpec spec;
  private final boolean dryRun;

  /**
   * The work of one command.
   *
   * @param options those of the command, made by {@link #options}
   * @param spec the command
   */
  OneShotWork(Surroundings surroundings, ConfigOptions options, CommandSpec spec, boolean dryRun) {
    this.surroundings = surroundings;
    this.options = options;
    this.spec = spec;
    this.dryRun = dryRun;
  }

  /** The options of the configuration that concern such a command. */
  static ConfigOptions options(Surroundings surroundings) {
    return ConfigOptions.of(surroundings, KEYS)
        .withDefaults(
            Map.of(
                OutputConfig.OUTPUT_DIR, "the current directory",
                WorkflowConfig.WORK_DIR, "$TMPDIR, or /var/tmp"));
  }

  /**
   * Works on the manifest.
   *
   * @param wanted the report's file; empty for a place beside the manifest, or none of a dry run
   * @return the exit code
   */
  int work(Path file, Optional<Path> wanted, Printing printing) {
    Path manifest = absolute(file);
    Optional<Path> wantedPlace = wanted.map(this::absolute);
    if (!Files.exists(manifest)) {
      throw CommandFailedException.wrongUse("there is no such file: " + manifest);
    }
    LoadedConfig loaded =
        options.loadOneShot(
            spec,
            Map.of(OutputConfig.OUTPUT_DIR, List.of(surroundings.currentDirectory().toString())),
            surroundings.scratch());
    Optional<ReportPlace> report =
        dryRun && wantedPlace.isEmpty()
            ? Optional.empty()
            : Optional.of(ReportPlace.check(manifest, wantedPlace));
    LogSettings.applyOneShot(printing.verbose(), ownLog(loaded));
    return work(loaded.config(), manifest, report, printing);
  }

  /** The daemon's log stays the daemon's: two processes cannot write one file that is rolled. */
  private static Optional<Path> ownLog(LoadedConfig loaded) {
    Origin origin = loaded.origins().get(LogConfig.LOG_FILE);
    return origin != null && origin.source() == Origin.Source.COMMAND_LINE
        ? loaded.config().log().file()
        : Optional.empty();
  }

  private Path absolute(Path path) {
    return surroundings.currentDirectory().resolve(path).normalize();
  }

  private int work(
      DaemonConfig config, Path manifest, Optional<ReportPlace> report, Printing printing) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    boolean quiet = printing.quiet();
    OneShot.Result result;
    SignedReports reports = reports(config);
    try (Progress progress =
        Progress.of(quiet || printing.verbose() || printing.json(), surroundings, err)) {
      OneShot oneShot = new OneShot(progress.shown(), history());
      Thread hook = new Thread(() -> stop(oneShot, progress, err), "stop");
      Runtime.getRuntime().addShutdownHook(hook);
      try {
        result = oneShot.run(config, manifest, dryRun);
      } catch (IOException e) {
        throw CommandFailedException.because(e.getMessage());
      } finally {
        forget(hook);
      }
    }
    if (result.stopped()) {
      return STOPPED;
    }
    byte[] bytes = result.report().orElseThrow();
    Optional<Path> place = report.map(to -> write(to, result.completed(), bytes, reports));
    if (printing.json()) {
      out.print(new String(bytes, StandardCharsets.UTF_8));
      out.flush();
    } else if (dryRun || !quiet || !result.completed()) {
      print(bytes, result.completed() || dryRun ? out : quiet ? err : out);
      place.ifPresent(path -> out.println("report: " + path));
      out.flush();
    }
    return result.completed() ? 0 : 1;
  }

  /** The workflow directory of the configuration, or of the installed one, if there is any. */
  private Optional<Path> history() {
    try {
      LoadedConfig daemons =
          options.read(
              spec,
              Map.of(OutputConfig.OUTPUT_DIR, List.of("/"), RoutesConfig.ROUTES_DIR, List.of("/")));
      return Optional.of(daemons.config().workflow().dir());
    } catch (CommandFailedException e) {
      return Optional.empty(); // No daemon is configured here: nothing tells.
    }
  }

  /** The report is signed where it stays, under the name that it gets there. */
  private static SignedReports reports(DaemonConfig config) {
    try {
      return new SignedReports(ConfiguredSigner.of(config));
    } catch (IOException e) {
      throw CommandFailedException.wrongUse(e.getMessage());
    }
  }

  private static Path write(
      ReportPlace to, boolean completed, byte[] report, SignedReports reports) {
    try {
      return to.write(completed, report, reports);
    } catch (IOException e) {
      throw CommandFailedException.because("the report could not be written: " + e);
    }
  }

  private static void print(byte[] report, PrintWriter out) {
    try {
      ReportText.print(new ObjectMapper().readTree(report), out);
    } catch (IOException e) {
      throw new IllegalStateException("the report is no JSON", e);
    }
  }

  /** What a signal does: the JVM ends with the signal's exit code when this is over. */
  private static void stop(OneShot oneShot, Progress progress, PrintWriter err) {
    oneShot.stop();
    boolean clean = false;
    try {
      clean = oneShot.awaitEnd(LONGEST_STOP);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    progress.close();
    err.println(
        clean
            ? "hyper2kvm: stopped; nothing half-written is left"
            : "hyper2kvm: stopped, but the work did not end in time");
    err.flush();
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It is running: the process is about to end.
    }
  }
}
