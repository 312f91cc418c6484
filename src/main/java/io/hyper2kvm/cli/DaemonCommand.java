package io.hyper2kvm.cli;

import io.hyper2kvm.cli.output.Surroundings;
import io.hyper2kvm.config.DaemonConfig;
import io.hyper2kvm.config.LoadedConfig;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** {@code hyper2kvm daemon}: one flag per configuration key. */
@Command(
    customSynopsis = "hyper2kvm daemon [--config FILE] [OPTION...]",
    description = {
      "Takes manifests from <manifest_workflow_dir>/to_be_processed and works on them until"
          + " it is stopped.",
      "",
      "Every option can also stand in the file (--output-dir as output_dir) or in the"
          + " environment (HYPER2KVM_OUTPUT_DIR). The command line wins over the environment,"
          + " and that over the file. Times are written like 500ms, 90s, 5m or 12h, sizes"
          + " like 16MiB or 1GiB.",
      ""
    },
    optionListHeading = "Options:%n",
    footer = {
      "",
      "Example:",
      "  hyper2kvm daemon --manifest-workflow-mode \\",
      "    --manifest-workflow-dir /var/lib/hyper2kvm/manifest-workflow \\",
      "    --output-dir /var/lib/hyper2kvm/output --max-concurrent-jobs 2"
    })
final class DaemonCommand implements Callable<Integer> {

  @Mixin private StandardOptions standard;
  @Mixin private final ConfigOptions options;

  @Option(
      names = "--print-config",
      arity = "0",
      description = "Print what would be in effect and where it was written; start nothing")
  private boolean printConfig;

  private final ToIntFunction<DaemonConfig> daemon;
  private final CommandSpec spec;

  DaemonCommand(Surroundings surroundings, ToIntFunction<DaemonConfig> daemon) {
    this.options = ConfigOptions.all(surroundings);
    this.daemon = daemon;
    this.spec = options.addTo(CommandSpec.forAnnotatedObject(this));
  }

  CommandSpec spec() {
    return spec;
  }

  @Override
  public Integer call() {
    return start(spec, printConfig);
  }

  /**
   * Loads the configuration and runs the daemon, or only prints the configuration.
   *
   * @param given the command whose options were given
   * @return the exit code
   */
  int start(CommandSpec given, boolean printOnly) {
    LoadedConfig loaded = options.load(given, Map.of());
    if (printOnly) {
      given.commandLine().getOut().print(loaded.print());
      given.commandLine().getOut().flush();
      return CommandLine.ExitCode.OK;
    }
    return start(loaded, daemon);
  }

  /** Runs the daemon with this configuration; returns the exit code. */
  static int start(LoadedConfig loaded, ToIntFunction<DaemonConfig> daemon) {
    LogSettings.apply(loaded.config().log());
    return daemon.applyAsInt(loaded.config());
  }
}
