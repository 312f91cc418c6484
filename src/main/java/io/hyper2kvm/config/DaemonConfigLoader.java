package io.hyper2kvm.config;

import static io.hyper2kvm.config.ConfigKey.*;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the configuration from its sources: the command line wins over the environment, that over
 * the file, and that over the defaults. A list from a stronger source replaces the whole list.
 */
public final class DaemonConfigLoader {

  /** The log's file in {@code log_dir}. */
  static final String LOG_FILE_NAME = "manifest-daemon.log";

  private final ConfigSources sources;
  private final List<ConfigProblem> problems = new ArrayList<>();
  private final Settings settings = new Settings(problems);
  private final FolderRules rules = new FolderRules(settings);
  private final boolean withFolders;

  /** What stands for the workflow directory of a command that has none; empty for a daemon. */
  private final Optional<Path> instead;

  private DaemonConfigLoader(ConfigSources sources, boolean withFolders, Optional<Path> instead) {
    this.sources = sources;
    this.instead = instead;
    this.withFolders = withFolders;
  }

  /**
   * Reads and checks everything. It looks at folders and creates none.
   *
   * @throws ConfigInvalidException with all that is wrong
   */
  public static LoadedConfig load(ConfigSources sources) throws ConfigInvalidException {
    return new DaemonConfigLoader(sources, true, Optional.empty()).load();
  }

  /**
   * Reads and checks what is written, but looks at no folder: for a command that asks about a
   * daemon, perhaps as a user who may not write where the daemon does.
   *
   * @throws ConfigInvalidException with all that is wrong
   */
  public static LoadedConfig read(ConfigSources sources) throws ConfigInvalidException {
    return new DaemonConfigLoader(sources, false, Optional.empty()).load();
  }

  /**
   * Reads and checks all but the workflow directory, for a command that works without a daemon.
   *
   * @param scratch stands for the workflow directory, and for the work directory if none is
   *     configured; a folder that is there
   * @throws ConfigInvalidException with all that is wrong
   */
  public static LoadedConfig loadOneShot(ConfigSources sources, Path scratch)
      throws ConfigInvalidException {
    return new DaemonConfigLoader(sources, true, Optional.of(scratch)).load();
  }

  private LoadedConfig load() throws ConfigInvalidException {
    boolean wholeFile = true;
    settings.override(given(sources.defaults(), Origin.Source.DEFAULT));
    if (sources.file().isPresent()) {
      var file = ConfigFile.read(sources.file().get(), problems);
      settings.override(file.settings());
      wholeFile = file.isReadable();
    }
    settings.override(
        EnvironmentSettings.read(sources.environment(), sources.currentDirectory(), problems));
    settings.override(given(sources.flags(), Origin.Source.COMMAND_LINE));
    settings.settleRivals(LOG_LEVEL, VERBOSE);
    settings.settleRivals(LOG_DIR, LOG_FILE);
    if (wholeFile) {
      reportMissing();
    }

    Path here = sources.currentDirectory();
    settings.valueOrDefault(COMMAND, here);
    settings.valueOrDefault(MANIFEST_WORKFLOW_MODE, here);
    Path workflowDir = instead.isPresent() ? null : settings.value(MANIFEST_WORKFLOW_DIR);
    Path outputDir = settings.value(OUTPUT_DIR);
    Path sourceDir = settings.value(SOURCE_DIR);
    List<Path> sourceRoots = settings.list(ALLOWED_SOURCE_ROOTS);
    List<Path> devices = settings.list(ALLOWED_DEVICES);
    devices.forEach(device -> rules.device(ALLOWED_DEVICES, device));
    List<Path> outputRoots = settings.list(ALLOWED_OUTPUT_ROOTS);
    Path workDir = workDir(workflowDir);
    Path routesDir = routesDir();
    Path logFile = logFile();
    var maxConcurrentJobs = settings.valueOrDefault(MAX_CONCURRENT_JOBS, here);
    var maxManifestsInFlight = settings.valueOrDefault(MAX_MANIFESTS_IN_FLIGHT, here);
    var maxManifestSize = settings.valueOrDefault(MAX_MANIFEST_SIZE, here);
    var pollInterval = settings.valueOrDefault(POLL_INTERVAL, here);
    var manifestMinAge = settings.valueOrDefault(MANIFEST_MIN_AGE, here);
    var dryRun = settings.valueOrDefault(DRY_RUN, here);
    var loadTimeout = settings.valueOrDefault(LOAD_TIMEOUT, here);
    var inspectTimeout = settings.valueOrDefault(INSPECT_TIMEOUT, here);
    var fixTimeout = settings.valueOrDefault(FIX_TIMEOUT, here);
    var convertTimeout = settings.valueOrDefault(CONVERT_TIMEOUT, here);
    var validateTimeout = settings.valueOrDefault(VALIDATE_TIMEOUT, here);
    var bootTestTimeout = settings.valueOrDefault(BOOT_TEST_TIMEOUT, here);
    var shutdownTimeout = settings.valueOrDefault(SHUTDOWN_TIMEOUT, here);
    var applianceMemory = settings.valueOrDefault(APPLIANCE_MEMORY, here);
    var bootTestMemory = settings.valueOrDefault(BOOT_TEST_MEMORY, here);
    var convertThreads = settings.valueOrDefault(CONVERT_THREADS, here);
    var kvm = settings.valueOrDefault(KVM, here);
    var httpHost = settings.valueOrDefault(HTTP_HOST, here);
    var verbosity = settings.value(VERBOSE);
    var logLevel = verbosity != null ? verbosity : settings.valueOrDefault(LOG_LEVEL, here);

    if (withFolders) {
      checkFolders(workflowDir, outputDir, outputRoots, workDir);
      checkOthers(sourceDir, sourceRoots, outputRoots, routesDir);
      if (logFile != null) {
        checkLogFile(logFile, workflowDir);
      }
      rules.usableUser(TOOL_USER, settings.value(TOOL_USER));
    }

    if (!problems.isEmpty()) {
      throw new ConfigInvalidException(problems);
    }
    var config =
        new DaemonConfig(
            instead.orElse(workflowDir),
            outputDir,
            maxConcurrentJobs,
            Optional.ofNullable(sourceDir),
            sourceRoots,
            devices,
            outputRoots,
            workDir == null ? instead.orElse(null) : workDir,
            routesDir,
            Optional.ofNullable(settings.value(RETAIN_PROCESSED)),
            Optional.ofNullable(settings.value(RETAIN_FAILED)),
            pollInterval,
            manifestMinAge,
            maxManifestSize,
            maxManifestsInFlight,
            dryRun,
            loadTimeout,
            inspectTimeout,
            fixTimeout,
            convertTimeout,
            validateTimeout,
            bootTestTimeout,
            shutdownTimeout,
            applianceMemory,
            bootTestMemory,
            convertThreads,
            kvm,
            Optional.ofNullable(settings.value(TOOL_USER)),
            Optional.ofNullable(settings.value(HTTP_PORT)),
            httpHost,
            logLevel,
            Optional.ofNullable(logFile));
    return new LoadedConfig(config, origins());
  }

  private List<Setting> given(Map<ConfigKey<?>, List<String>> texts, Origin.Source source) {
    var given = new ArrayList<Setting>();
    texts.forEach(
        (key, values) -> {
          var origin = new Origin(source, key.flag(), sources.currentDirectory());
          given.add(new Setting(key, values, origin));
        });
    return given;
  }

  private void checkOthers(
      Path sourceDir, List<Path> sourceRoots, List<Path> outputRoots, Path routesDir) {
    if (sourceDir != null) {
      rules.readable(SOURCE_DIR, sourceDir);
    }
    sourceRoots.forEach(root -> rules.readable(ALLOWED_SOURCE_ROOTS, root));
    outputRoots.forEach(root -> rules.writable(ALLOWED_OUTPUT_ROOTS, root));
    if (routesDir != null) {
      rules.holdsRoutes(ROUTES_DIR, routesDir);
    }
  }

  private void reportMissing() {
    for (ConfigKey<?> key : all()) {
      boolean wanted = key.isRequired() && !(key == MANIFEST_WORKFLOW_DIR && instead.isPresent());
      if (wanted && settings.origin(key).isEmpty()) {
        problems.add(
            new ConfigProblem(
                sources.file().map(Path::toString).orElse("command line"),
                key.name(),
                "nothing",
                "%s in the file, %s on the command line, or %s in the environment"
                    .formatted(key.name(), key.flag(), key.environmentVariable())));
      }
    }
  }

  private Path workDir(Path workflowDir) {
    if (settings.origin(WORK_DIR).isPresent()) {
      return settings.value(WORK_DIR);
    }
    return workflowDir == null ? null : workflowDir.resolve(".work");
  }

  private Path routesDir() {
    if (settings.origin(ROUTES_DIR).isPresent()) {
      return settings.value(ROUTES_DIR);
    }
    if (sources.home().isEmpty()) {
      settings.problem(
          ROUTES_DIR,
          "nothing, and the program's own folder is not known",
          "routes_dir, or a start by bin/hyper2kvm, which tells the folder");
    }
    return sources.home().map(home -> home.resolve("routes").normalize()).orElse(null);
  }

  private Path logFile() {
    Path folder = settings.value(LOG_DIR);
    return folder != null ? folder.resolve(LOG_FILE_NAME) : settings.value(LOG_FILE);
  }

  private void checkLogFile(Path logFile, Path workflowDir) {
    ConfigKey<Path> key = settings.origin(LOG_DIR).isPresent() ? LOG_DIR : LOG_FILE;
    rules.writableFile(key, logFile);
    if (workflowDir != null) {
      rules.apartFromManifests(key, logFile, workflowDir);
    }
  }

  private void checkFolders(
      Path workflowDir, Path outputDir, List<Path> outputRoots, Path workDir) {
    if (workflowDir != null) {
      rules.creatable(MANIFEST_WORKFLOW_DIR, workflowDir);
      outputRoots.forEach(
          root -> rules.apartFromManifests(ALLOWED_OUTPUT_ROOTS, root, workflowDir));
    }
    if (outputDir != null) {
      checkCreatable(OUTPUT_DIR, outputDir, workflowDir);
      if (workflowDir != null) {
        rules.apartFromManifests(OUTPUT_DIR, outputDir, workflowDir);
      }
    }
    if (workDir != null) {
      checkCreatable(WORK_DIR, workDir, workflowDir);
      if (workflowDir != null) {
        rules.apartFromManifests(WORK_DIR, workDir, workflowDir);
      }
      if (outputDir != null) {
        rules.apart(WORK_DIR, workDir, OUTPUT_DIR, outputDir);
      }
      outputRoots.forEach(root -> rules.apart(WORK_DIR, workDir, ALLOWED_OUTPUT_ROOTS, root));
    }
  }

  /** Below a workflow folder that will itself be created first, there is nothing to look at yet. */
  private void checkCreatable(ConfigKey<Path> key, Path folder, Path workflowDir) {
    if (workflowDir == null || !folder.startsWith(workflowDir) || Files.isDirectory(workflowDir)) {
      rules.creatable(key, folder);
    }
  }

  private Map<ConfigKey<?>, Origin> origins() {
    var origins = new LinkedHashMap<ConfigKey<?>, Origin>();
    all()
        .forEach(
            key ->
                settings
                    .origin(key)
                    .filter(origin -> origin.source() != Origin.Source.DEFAULT)
                    .ifPresent(origin -> origins.put(key, origin)));
    return origins;
  }
}
