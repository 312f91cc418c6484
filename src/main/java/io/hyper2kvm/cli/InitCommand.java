package io.hyper2kvm.cli;

import io.hyper2kvm.cli.output.CommandFailedException;
import io.hyper2kvm.cli.output.Surroundings;
import io.hyper2kvm.cli.site.ConfigTemplate;
import io.hyper2kvm.cli.site.Questions;
import io.hyper2kvm.cli.site.Site;
import io.hyper2kvm.config.ConfigKey;
import io.hyper2kvm.config.LogConfig;
import io.hyper2kvm.config.OutputConfig;
import io.hyper2kvm.config.SourcesConfig;
import io.hyper2kvm.config.WorkflowConfig;
import io.hyper2kvm.text.Printable;
import io.hyper2kvm.tool.ToolUser;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code hyper2kvm init}: the configuration and the folders of a new site. */
@Command(
    customSynopsis = "hyper2kvm init [--config FILE] [--yes] [--force] [OPTION...]",
    description = {
      "Asks for the folders, writes a configuration with every key explained, makes the folders,"
          + " and looks whether this machine can do the work.",
      "",
      "What an option says is not asked. Without a terminal nothing is asked: then --yes takes the"
          + " shown defaults for what no option says.",
      "",
      "Nothing that is there is changed: a configuration is replaced only with --force, and the old"
          + " one is kept beside it as FILE.bak.",
      ""
    },
    optionListHeading = "Options:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:written, and this machine is fit for work; there may be warnings",
      "1:a file or folder could not be written, or something that the work needs is missing",
      "2:the command line or a folder's name is wrong; nothing was written"
    },
    footer = {
      "",
      "Examples:",
      "  hyper2kvm init",
      "  hyper2kvm init --yes --config /srv/vm/daemon.yaml --output-dir /srv/vm/output \\",
      "    --manifest-workflow-dir /srv/vm/manifests --log-dir none"
    })
final class InitCommand implements Callable<Integer> {

  private static final String NONE = "none";
  private static final String SERVICE_USER = "hyper2kvm";

  /** What is asked, in this order; the first two are required. */
  private static final List<ConfigKey<Path>> FOLDERS =
      List.of(
          WorkflowConfig.MANIFEST_WORKFLOW_DIR,
          OutputConfig.OUTPUT_DIR,
          SourcesConfig.SOURCE_DIR,
          LogConfig.LOG_DIR);

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The file to write [/etc/hyper2kvm/manifest-daemon.yaml]")
  private Path config;

  @Option(
      names = {"-y", "--yes"},
      description = "Ask nothing")
  private boolean yes;

  @Option(names = "--force", description = "Replace a configuration that is there")
  private boolean force;

  @Option(
      names = "--owner",
      paramLabel = "USER",
      description =
          "Whose the new folders shall be, if root makes them [hyper2kvm, if there is such a user]")
  private String owner;

  @Option(
      names = "--quick",
      description = "Look at this machine without a boot of the appliance, as doctor --quick does")
  private boolean quick;

  @Mixin private StandardOptions standard;

  private final Surroundings surroundings;
  private final InputStream stdin;
  private final CommandSpec spec;

  InitCommand(Surroundings surroundings, InputStream stdin) {
    this.surroundings = surroundings;
    this.stdin = stdin;
    this.spec = CommandSpec.forAnnotatedObject(this);
    for (ConfigKey<Path> key : FOLDERS) {
      spec.addOption(
          OptionSpec.builder(key.flag())
              .type(String.class)
              .paramLabel(key.placeholder())
              .description(key.description() + " [" + suggestion(key, NONE) + "]")
              .build());
    }
  }

  CommandSpec spec() {
    return spec;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    LogSettings.quiet();
    Path file = surroundings.currentDirectory().resolve(file()).normalize();
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !force) {
      throw CommandFailedException.because(
          "%s is there and was left as it is: edit it, name another file by --config, or replace it by --force"
              .formatted(Printable.line(file.toString())));
    }
    Map<ConfigKey<?>, String> values = answers();
    requireGood(values);
    Site site = new Site(file, values, owner());
    List<Path> made = site.make(surroundings.home());
    PrintWriter out = spec.commandLine().getOut();
    made.forEach(folder -> out.println("made " + Printable.line(folder.toString())));
    out.println("wrote " + Printable.line(file.toString()));
    out.println();
    out.flush();
    return doctor(site);
  }

  private Path file() {
    if (spec.parent() != null && spec.parent().commandLine().getParseResult() != null) {
      if (spec.parent().commandLine().getParseResult().hasMatchedOption("--config")) {
        throw new ParameterException(
            spec.commandLine(), "write --config after the word: hyper2kvm init --config FILE");
      }
    }
    return config == null ? surroundings.installedConfig() : config;
  }

  private static String suggestion(ConfigKey<?> key, String otherwise) {
    return ConfigTemplate.shipped().value(key).orElse(otherwise);
  }

  /** What the options say, what was answered, and for the rest what was suggested. */
  private Map<ConfigKey<?>, String> answers() throws IOException {
    boolean ask = !yes && surroundings.mayAsk();
    Questions questions = new Questions(stdin, spec.commandLine().getOut());
    Map<ConfigKey<?>, String> values = new LinkedHashMap<>();
    for (ConfigKey<Path> key : FOLDERS) {
      String given = spec.commandLine().getParseResult().matchedOptionValue(key.flag(), null);
      if (given != null) {
        values.put(key, absolute(given.equals(NONE) ? "" : given));
      } else if (ask) {
        values.put(
            key,
            absolute(
                questions.ask(
                    key.description(), suggestion(key, ""), text -> objection(key, text))));
      } else if (!yes && key.isRequired()) {
        throw CommandFailedException.wrongUse(
            "there is no terminal to ask at: give %s, or --yes for the defaults; nothing was written"
                .formatted(key.flag()));
      } else {
        values.put(key, suggestion(key, ""));
      }
    }
    return values;
  }

  /** The configuration would resolve it from the file's folder, the user means the current one. */
  private String absolute(String folder) {
    return folder.isEmpty() || folder.startsWith("~")
        ? folder
        : surroundings.currentDirectory().resolve(folder).normalize().toString();
  }

  private static Optional<String> objection(ConfigKey<?> key, String answer) {
    if (answer.isEmpty()) {
      return key.isRequired() ? Optional.of("this one is needed") : Optional.empty();
    }
    try {
      key.parse(answer, Path.of("/"));
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(Printable.line(answer) + " is not " + key.allowed());
    }
  }

  private void requireGood(Map<ConfigKey<?>, String> values) {
    values.forEach(
        (key, value) ->
            objection(key, value)
                .ifPresent(
                    wrong -> {
                      throw CommandFailedException.wrongUse(key.flag() + ": " + wrong);
                    }));
  }

  private ToolUser owner() throws IOException {
    if (owner != null) {
      if (!ToolUser.isRoot()) {
        throw CommandFailedException.wrongUse("--owner is for a start as root");
      }
      return ToolUser.named(owner);
    }
    if (!ToolUser.isRoot()) {
      return ToolUser.OWN;
    }
    try {
      return ToolUser.named(SERVICE_USER);
    } catch (IOException e) {
      return ToolUser.OWN; // Not installed from a package: root's own, as doctor will tell.
    }
  }

  /** As the user that the daemon will run as: what can be read and written depends on it. */
  private int doctor(Site site) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("--config", site.file().toString()));
    if (quick) {
      words.add("--quick");
    }
    if (!site.owner().isOther() || surroundings.home().isEmpty()) {
      return spec.parent().subcommands().get("doctor").execute(words.toArray(String[]::new));
    }
    List<String> command = new ArrayList<>(site.owner().prefix());
    command.add(surroundings.home().get().resolve("bin/hyper2kvm").toString());
    command.add("doctor");
    command.addAll(words);
    // It must not start in a folder that the other user cannot enter.
    return new ProcessBuilder(command).directory(new File("/")).inheritIO().start().waitFor();
  }
}
