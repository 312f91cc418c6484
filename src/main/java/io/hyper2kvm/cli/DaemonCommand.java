package io.hyper2kvm.cli;

import io.hyper2kvm.daemon.config.ConfigInvalidException;
import io.hyper2kvm.daemon.config.ConfigKey;
import io.hyper2kvm.daemon.config.ConfigSources;
import io.hyper2kvm.daemon.config.DaemonConfig;
import io.hyper2kvm.daemon.config.DaemonConfigLoader;
import io.hyper2kvm.daemon.config.LoadedConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * {@code hyper2kvm daemon}: one flag per configuration key, made from {@link ConfigKey}, so that no
 * key can lack its flag or its line in the help text.
 */
final class DaemonCommand implements Callable<Integer> {

  /**
   * The process's surroundings.
   *
   * @param environment all environment variables
   * @param currentDirectory absolute
   * @param home the program's own folder, if the launcher told it
   */
  record Context(Map<String, String> environment, Path currentDirectory, Optional<Path> home) {}

  private static final String CONFIG = "--config";
  private static final String PRINT_CONFIG = "--print-config";

  private final Context context;
  private final ToIntFunction<DaemonConfig> daemon;
  private final CommandSpec spec;

  DaemonCommand(Context context, ToIntFunction<DaemonConfig> daemon) {
    this.context = context;
    this.daemon = daemon;
    this.spec = describe(CommandSpec.wrapWithoutInspection(this));
  }

  CommandSpec spec() {
    return spec;
  }

  /** The flags that belong to this command, to recognise one that was put before it. */
  static boolean hasFlag(String name) {
    return ConfigKey.all().stream().anyMatch(key -> hasFlag(key) && key.flag().equals(name));
  }

  @Override
  public Integer call() {
    ParseResult given = spec.commandLine().getParseResult();
    Path file = given.matchedOptionValue(CONFIG, null);
    Path before = spec.parent().commandLine().getParseResult().matchedOptionValue(CONFIG, null);
    if (file != null && before != null) {
      throw new ParameterException(spec.commandLine(), "--config is given twice");
    }
    var flags = new HashMap<ConfigKey<?>, List<String>>();
    for (ConfigKey<?> key : ConfigKey.all()) {
      if (given.hasMatchedOption(key.flag())) {
        flags.put(key, texts(given, key));
      }
    }
    return start(
        spec.commandLine(),
        Optional.ofNullable(file != null ? file : before),
        flags,
        given.hasMatchedOption(PRINT_CONFIG));
  }

  /**
   * Loads the configuration and runs the daemon, or only prints the configuration.
   *
   * @return the exit code
   */
  int start(
      CommandLine command,
      Optional<Path> file,
      Map<ConfigKey<?>, List<String>> flags,
      boolean printOnly) {
    LoadedConfig loaded;
    try {
      loaded =
          DaemonConfigLoader.load(
              new ConfigSources(
                  file, context.environment(), flags, context.currentDirectory(), context.home()));
    } catch (ConfigInvalidException e) {
      command.getErr().println("hyper2kvm: " + e.getMessage());
      command.getErr().flush();
      return CommandLine.ExitCode.USAGE;
    }
    if (printOnly) {
      command.getOut().print(loaded.print());
      command.getOut().flush();
      return CommandLine.ExitCode.OK;
    }
    LogSettings.apply(loaded.config());
    return daemon.applyAsInt(loaded.config());
  }

  private List<String> texts(ParseResult given, ConfigKey<?> key) {
    if (isSwitch(key)) {
      return List.of("true");
    }
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
    return !key.name().equals("command");
  }

  /** A key with one possible value needs no value on the command line. */
  private static boolean isSwitch(ConfigKey<?> key) {
    return key.name().equals("manifest_workflow_mode");
  }

  private static CommandSpec describe(CommandSpec spec) {
    spec.versionProvider(new ProgramVersion()).mixinStandardHelpOptions(true);
    spec.usageMessage()
        .sortOptions(false)
        .abbreviateSynopsis(true)
        .customSynopsis("hyper2kvm daemon [--config FILE] [OPTION...]")
        .descriptionHeading("%n")
        .description(
            "Takes manifests from <manifest_workflow_dir>/to_be_processed and works on them until"
                + " it is stopped.",
            "",
            "Every option can also stand in the file (--output-dir as output_dir) or in the"
                + " environment (HYPER2KVM_OUTPUT_DIR). The command line wins over the environment,"
                + " and that over the file. Times are written like 500ms, 90s, 5m or 12h, sizes"
                + " like 16MiB or 1GiB.",
            "")
        .optionListHeading("Options:%n")
        .footer(
            "",
            "Example:",
            "  hyper2kvm daemon --manifest-workflow-mode \\",
            "    --manifest-workflow-dir /var/lib/hyper2kvm/manifest-workflow \\",
            "    --output-dir /var/lib/hyper2kvm/output --max-concurrent-jobs 2");
    spec.addOption(
        OptionSpec.builder(CONFIG)
            .type(Path.class)
            .paramLabel("FILE")
            .description("Read this YAML file; the other options win over it")
            .build());
    spec.addOption(
        OptionSpec.builder(PRINT_CONFIG)
            .type(boolean.class)
            .arity("0")
            .description("Print what would be in effect and where it was written; start nothing")
            .build());
    int order = 0;
    for (ConfigKey.Group group : ConfigKey.Group.values()) {
      spec.addArgGroup(describe(group, order++));
    }
    return spec;
  }

  private static ArgGroupSpec describe(ConfigKey.Group group, int order) {
    var section =
        ArgGroupSpec.builder().validate(false).order(order).heading("%n" + heading(group) + ":%n");
    ConfigKey.all().stream()
        .filter(key -> key.group() == group && hasFlag(key))
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
      case LOGGING -> "Log";
    };
  }

  private static OptionSpec describe(ConfigKey<?> key) {
    var option = OptionSpec.builder(key.flag()).description(description(key));
    if (isSwitch(key)) {
      return option.type(boolean.class).arity("0").build();
    }
    option.paramLabel(key.placeholder()).arity("1");
    return key.isList()
        ? option.type(List.class).auxiliaryTypes(String.class).build()
        : option.type(String.class).build();
  }

  private static String description(ConfigKey<?> key) {
    String remark = key.isRequired() ? " (required)" : key.isList() ? " (may be repeated)" : "";
    String byDefault =
        isSwitch(key) ? "" : key.defaultText().map(text -> " [" + text + "]").orElse("");
    return (key.description() + remark + byDefault).replace("%", "%%");
  }
}
