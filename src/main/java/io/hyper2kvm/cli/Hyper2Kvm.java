package io.hyper2kvm.cli;

import io.hyper2kvm.cli.output.CommandFailedException;
import io.hyper2kvm.cli.output.FileProblem;
import io.hyper2kvm.cli.output.Surroundings;
import io.hyper2kvm.cli.start.StartClasses;
import io.hyper2kvm.config.DaemonConfig;
import io.hyper2kvm.config.LoadedConfig;
import io.hyper2kvm.daemon.boot.ManifestDaemon;
import io.hyper2kvm.text.Printable;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program's entry: {@code hyper2kvm --config FILE} and {@code hyper2kvm daemon …}. */
@Command(
    name = "hyper2kvm",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    descriptionHeading = "%n",
    description = {
      "Moves virtual machines to KVM: drop a manifest into a folder, find the converted disks and a"
          + " report in others.",
      ""
    },
    synopsisHeading = "Usage: ",
    customSynopsis = {
      "hyper2kvm --config FILE",
      "       hyper2kvm COMMAND [OPTION...]",
      "       hyper2kvm [--help | --version]"
    },
    optionListHeading = "Options:%n",
    // The groups of commands have headings of their own.
    commandListHeading = "",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done as asked",
      "1:a negative answer, such as a failed manifest; of the daemon: failed while running",
      "2:the command line or the configuration is wrong; nothing was started",
      "",
      "Each command's --help says more."
    },
    footer = {
      "",
      "Start with a file, and see what would be in effect without starting anything:",
      "  hyper2kvm --config /etc/hyper2kvm/manifest-daemon.yaml",
      "  hyper2kvm daemon --config /etc/hyper2kvm/manifest-daemon.yaml --print-config"
    })
public final class Hyper2Kvm implements Callable<Integer> {

  /** Commands that need no other one. */
  private static final Set<String> ALONE =
      Set.of("daemon", "submit", "status", "cancel", "retry", "drain", "resume", "verify");

  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Start the daemon as this YAML file says; short for daemon --config FILE")
  private Path config;

  private final DaemonCommand daemon;

  private Hyper2Kvm(DaemonCommand daemon) {
    this.daemon = daemon;
  }

  /** Runs the program and ends the process with its exit code. */
  public static void main(String[] args) {
    // Not a method reference to an instance: the daemon's loggers must come after LogSettings.
    ToIntFunction<DaemonConfig> daemon = config -> new ManifestDaemon().run(config);
    if (PlainStart.begins(args)) {
      StartClasses.begin(
          LogSettings::load, Optional.ofNullable(System.getProperty("h2k.archive")).map(Path::of));
    }
    Surroundings surroundings = Surroundings.ofThisProcess();
    Optional<LoadedConfig> plain = PlainStart.load(surroundings, args);
    System.exit(
        plain.isPresent()
            ? DaemonCommand.start(plain.get(), daemon)
            : commandLine(surroundings, daemon, System.in, wanted(args)).execute(args));
  }

  /** Which commands these words can need; all where that is not plain. */
  static Predicate<String> wanted(String... words) {
    if (words.length == 2 && words[0].equals("--config") && !words[1].startsWith("-")) {
      return name -> false;
    }
    return words.length > 0 && ALONE.contains(words[0]) ? words[0]::equals : name -> true;
  }

  /**
   * The command line, ready to execute.
   *
   * @param surroundings what the commands read besides their arguments
   * @param daemon runs the daemon and returns the exit code
   */
  static CommandLine commandLine(Surroundings surroundings, ToIntFunction<DaemonConfig> daemon) {
    return commandLine(surroundings, daemon, InputStream.nullInputStream());
  }

  /**
   * The same.
   *
   * @param stdin what {@code -} stands for
   */
  static CommandLine commandLine(
      Surroundings surroundings, ToIntFunction<DaemonConfig> daemon, InputStream stdin) {
    return commandLine(surroundings, daemon, stdin, name -> true);
  }

  /**
   * The same with some of the commands alone: the models of all take a third of a daemon's start.
   *
   * @param wanted which commands are there, by their names
   */
  private static CommandLine commandLine(
      Surroundings surroundings,
      ToIntFunction<DaemonConfig> daemon,
      InputStream stdin,
      Predicate<String> wanted) {
    var daemonCommand = new DaemonCommand(surroundings, daemon);
    CommandLine root = new CommandLine(new Hyper2Kvm(daemonCommand));
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("daemon", daemonCommand::spec);
    commands.put("run", () -> new RunCommand(surroundings).spec());
    commands.put("init", () -> new InitCommand(surroundings, stdin).spec());
    commands.put("plan", () -> new PlanCommand(surroundings).spec());
    commands.put("doctor", () -> new DoctorCommand(surroundings).spec());
    commands.put("routes", () -> new RoutesCommand(surroundings).spec());
    commands.put("validate", () -> new ValidateCommand(surroundings).spec());
    commands.put("submit", () -> new SubmitCommand(surroundings, stdin).spec());
    commands.put("status", () -> new StatusCommand(surroundings).spec());
    commands.put("cancel", () -> new CancelCommand(surroundings).spec());
    commands.put("retry", () -> new RetryCommand(surroundings).spec());
    commands.put("drain", () -> new DrainCommand(surroundings).spec());
    commands.put("resume", () -> new ResumeCommand(surroundings).spec());
    commands.put("verify", () -> new VerifyCommand(surroundings).spec());
    commands.put("completion", CompletionCommand::new);
    commands.put("manual", ManualCommand::new);
    commands.forEach(
        (name, command) -> {
          if (wanted.test(name)) {
            root.addSubcommand(name, command.get());
          }
        });
    return CommandGroups.applyTo(root)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExpandAtFiles(false)
        .setUsageHelpWidth(100)
        .setUsageHelpLongOptionsMaxWidth(40)
        .setParameterExceptionHandler(Hyper2Kvm::explain)
        .setExecutionExceptionHandler(Hyper2Kvm::report);
  }

  /** Without a command, {@code --config} starts the daemon. */
  @Override
  public Integer call() {
    if (config == null) {
      throw new ParameterException(
          spec.commandLine(), "nothing to do: --config FILE or a command is needed");
    }
    return daemon.start(spec, false);
  }

  private static int explain(ParameterException error, String[] args) {
    CommandLine command = error.getCommandLine();
    var err = command.getErr();
    err.println("hyper2kvm: " + error.getMessage());
    if (error instanceof UnmatchedArgumentException unmatched) {
      if (unmatched.getUnmatched().stream().anyMatch(Hyper2Kvm::belongsToDaemon)) {
        err.println(
            "This is an option of the daemon; write it after that word: hyper2kvm daemon ...");
      } else {
        UnmatchedArgumentException.printSuggestions(error, err);
      }
    }
    err.printf("Try: %s --help%n", command.getCommandSpec().qualifiedName());
    err.flush();
    return CommandLine.ExitCode.USAGE;
  }

  private static boolean belongsToDaemon(String argument) {
    return ConfigOptions.isFlag(argument.split("=", 2)[0]);
  }

  private static int report(
      Exception error, CommandLine command, CommandLine.ParseResult parseResult) {
    var err = command.getErr();
    if (error instanceof CommandFailedException failed) {
      err.println("hyper2kvm: " + failed.getMessage());
      err.flush();
      return failed.exitCode();
    }
    if (error instanceof FileSystemException file) {
      err.println("hyper2kvm: " + Printable.line(FileProblem.words(file)));
      err.flush();
      return CommandLine.ExitCode.SOFTWARE;
    }
    err.println("hyper2kvm: failed in a way that is a defect of the program; please report it:");
    error.printStackTrace(err);
    err.flush();
    return CommandLine.ExitCode.SOFTWARE;
  }
}
