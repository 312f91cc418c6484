package io.hyper2kvm.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.cli.display.Progress;
import io.hyper2kvm.cli.output.CommandFailedException;
import io.hyper2kvm.cli.output.OutputForm;
import io.hyper2kvm.cli.output.ReportPlace;
import io.hyper2kvm.cli.output.ReportText;
import io.hyper2kvm.cli.output.Surroundings;
import io.hyper2kvm.config.BootTestConfig;
import io.hyper2kvm.config.ConfigKey;
import io.hyper2kvm.config.DaemonConfig;
import io.hyper2kvm.config.LoadedConfig;
import io.hyper2kvm.config.LogConfig;
import io.hyper2kvm.config.Origin;
import io.hyper2kvm.config.OutputConfig;
import io.hyper2kvm.config.RoutesConfig;
import io.hyper2kvm.config.SourcesConfig;
import io.hyper2kvm.config.StagesConfig;
import io.hyper2kvm.config.ToolsConfig;
import io.hyper2kvm.config.WorkflowConfig;
import io.hyper2kvm.daemon.boot.OneShot;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code hyper2kvm run} and {@code hyper2kvm plan}: one manifest, now, without a daemon. */
final class OneShotCommand implements Callable<Integer> {

  private static final String REPORT = "--report";
  private static final String QUIET = "--quiet";
  private static final String VERBOSE = "-v";
  private static final String OUTPUT = "--output";
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
    LogConfig.LOG_FILE
  };

  private final Surroundings surroundings;
  private final ConfigOptions options;
  private final boolean dryRun;
  private final CommandSpec spec;

  private OneShotCommand(Surroundings surroundings, boolean dryRun) {
    this.surroundings = surroundings;
    this.options =
        ConfigOptions.of(surroundings, KEYS)
            .withDefaults(
                Map.of(
                    OutputConfig.OUTPUT_DIR, "the current directory",
                    WorkflowConfig.WORK_DIR, "$TMPDIR, or /var/tmp"));
    this.dryRun = dryRun;
    this.spec = CommandSpec.wrapWithoutInspection(this);
  }

  /** {@code run}: converts. */
  static CommandSpec run(Surroundings surroundings) {
    return new OneShotCommand(surroundings, false)
        .describe(
            "run",
            "Works on one manifest, now and without a daemon, by the same routes.",
            "",
            "The manifest stays where it is. Its report is written beside it: FILE.report.json, or"
                + " FILE.error.json if anything failed; a number keeps it apart from earlier ones."
                + " Ctrl-C ends the tools and removes what is half-written.")
        .spec;
  }

  /** {@code plan}: the dry run. */
  static CommandSpec plan(Surroundings surroundings) {
    return new OneShotCommand(surroundings, true)
        .describe(
            "plan",
            "Tells everything that run would do with a manifest: each change in the guest, the"
                + " outputs, the space they need.",
            "",
            "The guest is inspected, and the fixes are made to a copy that is thrown away."
                + " Nothing is converted, and nothing written but the report that --report asks"
                + " for.")
        .spec;
  }

  private OneShotCommand describe(String name, String... description) {
    spec.versionProvider(new ProgramVersion()).mixinStandardHelpOptions(true);
    spec.usageMessage()
        .sortOptions(false)
        .abbreviateSynopsis(true)
        .customSynopsis("hyper2kvm %s [OPTION...] FILE".formatted(name))
        .descriptionHeading("%n")
        .description(description)
        .parameterListHeading("%n")
        .optionListHeading("%nOptions:%n")
        .exitCodeListHeading("%nExit codes:%n")
        .exitCodeList(exitCodes());
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("FILE")
            .type(Path.class)
            .arity("1")
            .required(true)
            .index("0")
            .description("The manifest, .json, .yaml or .yml")
            .build());
    spec.addOption(
        OptionSpec.builder(REPORT)
            .type(Path.class)
            .paramLabel("FILE")
            .description(
                dryRun
                    ? "Write the report to this file, which must not be there yet"
                    : "Write the report to this file, which must not be there yet, instead of beside"
                        + " the manifest")
            .build());
    spec.addOption(
        OptionSpec.builder(OUTPUT)
            .type(OutputForm.class)
            .paramLabel("FORM")
            .defaultValue("text")
            .description("text, or json: the report alone, on standard output [text]")
            .build());
    spec.addOption(
        OptionSpec.builder("-q", QUIET)
            .type(boolean.class)
            .arity("0")
            .description(dryRun ? "No progress" : "Print nothing but errors")
            .build());
    spec.addOption(
        OptionSpec.builder(VERBOSE)
            .type(boolean.class)
            .arity("0")
            .description("Show the log instead of the progress")
            .build());
    options.addTo(spec);
    return this;
  }

  private Map<String, String> exitCodes() {
    Map<String, String> codes = new LinkedHashMap<>();
    codes.put("0", dryRun ? "a run would do what the plan says" : "every VM succeeded");
    codes.put(
        "1",
        dryRun ? "a run would fail; the plan says why" : "a VM failed; the error file says why");
    codes.put("2", "the command line or the configuration is wrong; nothing was begun");
    codes.put("130", "stopped by Ctrl-C (143: by SIGTERM); nothing half-written is left");
    return codes;
  }

  @Override
  public Integer call() {
    ParseResult given = spec.commandLine().getParseResult();
    Path manifest = absolute(given.matchedPositionalValue(0, (Path) null));
    Optional<Path> wanted =
        Optional.ofNullable(given.matchedOptionValue(REPORT, (Path) null)).map(this::absolute);
    if (!Files.exists(manifest)) {
      throw CommandFailedException.wrongUse("there is no such file: " + manifest);
    }
    LoadedConfig loaded =
        options.loadOneShot(
            spec,
            Map.of(OutputConfig.OUTPUT_DIR, List.of(surroundings.currentDirectory().toString())),
            surroundings.scratch());
    Optional<ReportPlace> report =
        dryRun && wanted.isEmpty()
            ? Optional.empty()
            : Optional.of(ReportPlace.check(manifest, wanted));
    LogSettings.applyOneShot(given.hasMatchedOption(VERBOSE), ownLog(loaded));
    return work(loaded.config(), manifest, report, given);
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
      DaemonConfig config, Path manifest, Optional<ReportPlace> report, ParseResult given) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    boolean json = given.matchedOptionValue(OUTPUT, OutputForm.TEXT) == OutputForm.JSON;
    boolean quiet = given.hasMatchedOption(QUIET);
    boolean verbose = given.hasMatchedOption(VERBOSE);
    OneShot.Result result;
    try (Progress progress = Progress.of(quiet || verbose || json, surroundings, err)) {
      OneShot oneShot = new OneShot(progress.shown());
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
    Optional<Path> place = report.map(to -> write(to, result.completed(), bytes));
    if (json) {
      out.print(new String(bytes, StandardCharsets.UTF_8));
      out.flush();
    } else if (dryRun || !quiet || !result.completed()) {
      print(bytes, result.completed() || dryRun ? out : quiet ? err : out);
      place.ifPresent(path -> out.println("report: " + path));
      out.flush();
    }
    return result.completed() ? 0 : 1;
  }

  private static Path write(ReportPlace to, boolean completed, byte[] report) {
    try {
      return to.write(completed, report);
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
