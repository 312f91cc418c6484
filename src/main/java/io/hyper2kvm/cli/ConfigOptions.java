package io.hyper2kvm.cli;

import io.hyper2kvm.cli.output.CommandFailedException;
import io.hyper2kvm.cli.output.Surroundings;
import io.hyper2kvm.config.ConfigInvalidException;
import io.hyper2kvm.config.ConfigKey;
import io.hyper2kvm.config.ConfigKeys;
import io.hyper2kvm.config.ConfigSources;
import io.hyper2kvm.config.DaemonConfigLoader;
import io.hyper2kvm.config.LoadedConfig;
import io.hyper2kvm.config.OutputConfig;
import io.hyper2kvm.config.WorkflowConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The options of a command that come from the configuration: {@code --config}, and one flag for
 * each key that concerns the command. The flags are made from {@link ConfigKey}, so that no key can
 * lack its flag or its line in the help text.
 */
final class ConfigOptions {

  /** The folders of the service, for commands that look at an installation without any. */
  static final Map<ConfigKey<?>, List<String>> USUAL_FOLDERS =
      Map.of(
          WorkflowConfig.MANIFEST_WORKFLOW_DIR, List.of("/var/lib/hyper2kvm/manifest-workflow"),
          OutputConfig.OUTPUT_DIR, List.of("/var/lib/hyper2kvm/output"));

  private static final String CONFIG = "--config";

  /** Read from what was parsed: it may also stand before the command. */
  @Option(
      names = CONFIG,
      paramLabel = "FILE",
      description = "Read this YAML file; the other options win over it")
  private Path file;

  private final Surroundings surroundings;
  private final Predicate<ConfigKey<?>> concerns;
  private final boolean tellsRequired;
  private Map<ConfigKey<?>, String> ownDefaults = Map.of();

  /**
   * Options for a command.
   *
   * @param concerns the keys that become flags; the others still count when they stand in the file
   *     or the environment
   * @param tellsRequired whether the help text says which keys the daemon needs
   */
  private ConfigOptions(
      Surroundings surroundings, Predicate<ConfigKey<?>> concerns, boolean tellsRequired) {
    this.tellsRequired = tellsRequired;
    this.surroundings = surroundings;
    this.concerns = concerns.and(ConfigOptions::hasFlag);
  }

  /** Every key, for the daemon. */
  static ConfigOptions all(Surroundings surroundings) {
    return new ConfigOptions(surroundings, key -> true, true);
  }

  /** Only these keys, for a command that can do without. */
  static ConfigOptions of(Surroundings surroundings, ConfigKey<?>... keys) {
    return new ConfigOptions(surroundings, List.of(keys)::contains, false);
  }

  /** Says in the help text what this command takes where nobody says anything. */
  ConfigOptions withDefaults(Map<ConfigKey<?>, String> texts) {
    ownDefaults = Map.copyOf(texts);
    return this;
  }

  /** Whether a flag of this name belongs to the configuration. */
  static boolean isFlag(String name) {
    return ConfigKeys.all().stream().anyMatch(key -> hasFlag(key) && key.flag().equals(name));
  }

  /** Adds the flags of the keys to a command that has this mixed in. */
  CommandSpec addTo(CommandSpec spec) {
    int order = 0;
    for (ConfigKey.Group group : ConfigKey.Group.values()) {
      if (ConfigKeys.all().stream().anyMatch(key -> key.group() == group && concerns.test(key))) {
        spec.addArgGroup(describe(group, order++));
      }
    }
    return spec;
  }

  /**
   * The whole configuration with all its folders checked, as a command that does the work needs it.
   *
   * @param defaults what this command takes where nobody says anything
   * @throws CommandFailedException with all that is wrong
   */
  LoadedConfig load(CommandSpec spec, Map<ConfigKey<?>, List<String>> defaults) {
    try {
      return DaemonConfigLoader.load(sources(spec, file(spec), defaults));
    } catch (ConfigInvalidException e) {
      throw CommandFailedException.wrongUse(e.getMessage());
    }
  }

  /**
   * The configuration of a command that works without a daemon; its overlays go below {@code
   * scratch} where no work directory is configured.
   *
   * @param defaults what this command takes where nobody says anything
   * @throws CommandFailedException with all that is wrong
   */
  LoadedConfig loadOneShot(
      CommandSpec spec, Map<ConfigKey<?>, List<String>> defaults, Path scratch) {
    try {
      return DaemonConfigLoader.loadOneShot(sources(spec, file(spec), defaults), scratch);
    } catch (ConfigInvalidException e) {
      throw CommandFailedException.wrongUse(e.getMessage());
    }
  }

  /**
   * The configuration of a daemon that this command only asks about. Without {@code --config} and
   * without a workflow directory, it is that of the installation.
   *
   * @param defaults what this command takes where nobody says anything
   * @throws CommandFailedException with all that is wrong
   */
  LoadedConfig read(CommandSpec spec, Map<ConfigKey<?>, List<String>> defaults) {
    Optional<Path> file = file(spec);
    boolean named =
        file.isPresent()
            || given(spec, WorkflowConfig.MANIFEST_WORKFLOW_DIR)
            || surroundings
                .environment()
                .containsKey(WorkflowConfig.MANIFEST_WORKFLOW_DIR.environmentVariable());
    if (!named && Files.exists(surroundings.installedConfig())) {
      file = Optional.of(surroundings.installedConfig());
    }
    try {
      return DaemonConfigLoader.read(sources(spec, file, defaults));
    } catch (ConfigInvalidException e) {
      throw CommandFailedException.wrongUse(e.getMessage());
    }
  }

  private ConfigSources sources(
      CommandSpec spec, Optional<Path> file, Map<ConfigKey<?>, List<String>> defaults) {
    var flags = new HashMap<ConfigKey<?>, List<String>>();
    for (ConfigKey<?> key : ConfigKeys.all()) {
      if (given(spec, key)) {
        flags.put(key, texts(spec, key));
      }
    }
    return new ConfigSources(
        file,
        surroundings.environment(),
        flags,
        defaults,
        surroundings.currentDirectory(),
        surroundings.home());
  }

  /** The file named after the command or before it. */
  private static Optional<Path> file(CommandSpec spec) {
    Path named = null;
    for (CommandSpec at = spec; at != null; at = at.parent()) {
      ParseResult result = at.commandLine().getParseResult();
      if (result == null || !result.hasMatchedOption(CONFIG)) {
        continue;
      }
      if (named != null) {
        throw new ParameterException(spec.commandLine(), "--config is given twice");
      }
      named = result.matchedOptionValue(CONFIG, null);
    }
    return Optional.ofNullable(named);
  }

  private static boolean given(CommandSpec spec, ConfigKey<?> key) {
    ParseResult result = spec.commandLine().getParseResult();
    return result != null && result.hasMatchedOption(key.flag());
  }

  private static List<String> texts(CommandSpec spec, ConfigKey<?> key) {
    if (key.isSwitch()) {
      return List.of("true");
    }
    ParseResult given = spec.commandLine().getParseResult();
    List<String> texts = given.matchedOption(key.flag()).stringValues();
    // picocli does not look for this in the groups that make the headings of the help text.
    if (texts.size() > 1 && !key.isList()) {
      throw new ParameterException(
          spec.commandLine(), "option '%s' should be specified only once".formatted(key.flag()));
    }
    return texts;
  }

  /** The command's own name is its flag. */
  private static boolean hasFlag(ConfigKey<?> key) {
    return key != ConfigKeys.COMMAND;
  }

  private ArgGroupSpec describe(ConfigKey.Group group, int order) {
    var section =
        ArgGroupSpec.builder().validate(false).order(order).heading("%n" + heading(group) + ":%n");
    ConfigKeys.all().stream()
        .filter(key -> key.group() == group && concerns.test(key))
        .forEach(key -> section.addArg(describe(key)));
    return section.build();
  }

  private static String heading(ConfigKey.Group group) {
    return switch (group) {
      case MODE -> "Mode";
      case FOLDERS -> "Folders";
      case WORK -> "How much at once";
      case TIME_LIMITS -> "Time limits";
      case TOOLS -> "Tools";
      case DOMAIN -> "Libvirt domains";
      case SIGNING -> "Signatures";
      case HEALTH -> "Health";
      case WEB -> "Web page and HTTP API";
      case LOGGING -> "Log";
    };
  }

  private OptionSpec describe(ConfigKey<?> key) {
    var option = OptionSpec.builder(key.flag()).description(description(key));
    if (key.isSwitch()) {
      return option.type(boolean.class).arity("0").build();
    }
    option.paramLabel(key.placeholder()).arity("1");
    return key.isList()
        ? option.type(List.class).auxiliaryTypes(String.class).build()
        : option.type(String.class).build();
  }

  private String description(ConfigKey<?> key) {
    Optional<String> own = Optional.ofNullable(ownDefaults.get(key));
    String remark =
        own.isEmpty() && key.isRequired() && tellsRequired
            ? " (required)"
            : key.isList() ? " (may be repeated)" : "";
    String byDefault =
        key.isSwitch() ? "" : own.or(key::defaultText).map(text -> " [" + text + "]").orElse("");
    return (key.description() + remark + byDefault).replace("%", "%%");
  }
}
