package io.hyper2kvm.config;

import static io.hyper2kvm.config.RoutesConfig.ROUTES_DIR;
import static io.hyper2kvm.config.SourcesConfig.ALLOWED_DEVICES;
import static io.hyper2kvm.config.ToolsConfig.TOOL_USER;
import static io.hyper2kvm.config.WorkflowConfig.MANIFEST_WORKFLOW_DIR;
import static io.hyper2kvm.config.WorkflowConfig.WORK_DIR;

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

  private final ConfigSources sources;
  private final List<ConfigProblem> problems = new ArrayList<>();
  private final Settings settings = new Settings(problems);
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
    boolean wholeFile = gather();
    settings.settleRivals();
    if (wholeFile) {
      reportMissing();
    }
    instead.ifPresent(scratch -> settings.forget(MANIFEST_WORKFLOW_DIR));
    Values values = settings.read(sources.currentDirectory());
    findOutDefaults(values);
    check(values);
    if (!problems.isEmpty()) {
      throw new ConfigInvalidException(problems);
    }
    instead.ifPresent(scratch -> standIn(scratch, values));
    return new LoadedConfig(DaemonConfig.of(values), origins(), values.texts());
  }

  /** Collects what is written; whether the whole file was understood. */
  private boolean gather() {
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
    return wholeFile;
  }

  private void findOutDefaults(Values values) {
    if (settings.origin(WORK_DIR).isEmpty()) {
      values
          .find(MANIFEST_WORKFLOW_DIR)
          .ifPresent(folder -> values.put(WORK_DIR, folder.resolve(".work")));
    }
    if (settings.origin(ROUTES_DIR).isEmpty()) {
      sources
          .home()
          .ifPresentOrElse(
              home -> values.put(ROUTES_DIR, home.resolve("routes").normalize()),
              () ->
                  settings.problem(
                      ROUTES_DIR,
                      "nothing, and the program's own folder is not known",
                      "routes_dir, or a start by bin/hyper2kvm, which tells the folder"));
    }
  }

  private void check(Values values) {
    var rules = new FolderRules(settings);
    values.list(ALLOWED_DEVICES).forEach(device -> rules.device(ALLOWED_DEVICES, device));
    if (withFolders) {
      new FolderChecks(settings, rules, values).run();
      values.find(TOOL_USER).ifPresent(user -> rules.usableUser(TOOL_USER, user));
    }
  }

  private static void standIn(Path scratch, Values values) {
    values.put(MANIFEST_WORKFLOW_DIR, scratch);
    if (values.find(WORK_DIR).isEmpty()) {
      values.put(WORK_DIR, scratch);
    }
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

  private void reportMissing() {
    for (ConfigKey<?> key : ConfigKeys.all()) {
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

  private Map<ConfigKey<?>, Origin> origins() {
    var origins = new LinkedHashMap<ConfigKey<?>, Origin>();
    ConfigKeys.all()
        .forEach(
            key ->
                settings
                    .origin(key)
                    .filter(origin -> origin.source() != Origin.Source.DEFAULT)
                    .ifPresent(origin -> origins.put(key, origin)));
    return origins;
  }
}
