package io.hyper2kvm.cli;

import io.hyper2kvm.cli.output.CommandFailedException;
import io.hyper2kvm.cli.output.Surroundings;
import io.hyper2kvm.config.ConfigKey;
import io.hyper2kvm.config.LoadedConfig;
import io.hyper2kvm.config.OutputConfig;
import io.hyper2kvm.config.RoutesConfig;
import io.hyper2kvm.config.WorkflowConfig;
import io.hyper2kvm.text.Printable;
import io.hyper2kvm.workflow.DaemonRecord;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** The options by which a command finds the workflow directory of a daemon. */
final class WorkflowOptions {

  /** Stand for what the command does not need to know; never read. */
  private static final Map<ConfigKey<?>, List<String>> NOT_NEEDED =
      Map.of(OutputConfig.OUTPUT_DIR, List.of("/"), RoutesConfig.ROUTES_DIR, List.of("/"));

  /** The end of a command's description. */
  static final String WHERE =
      "Without --config and --manifest-workflow-dir, /etc/hyper2kvm/manifest-daemon.yaml says where"
          + " the workflow directory is.";

  @Mixin private final ConfigOptions options;

  /**
   * The options.
   *
   * @param more keys that concern the command besides the workflow directory
   */
  WorkflowOptions(Surroundings surroundings, ConfigKey<?>... more) {
    options =
        ConfigOptions.of(
            surroundings,
            Stream.concat(Stream.of(WorkflowConfig.MANIFEST_WORKFLOW_DIR), Stream.of(more))
                .toArray(ConfigKey<?>[]::new));
  }

  /** Adds the flags of the configuration's keys to a command that has this mixed in. */
  CommandSpec addTo(CommandSpec spec) {
    return options.addTo(spec);
  }

  /**
   * Finds the directory.
   *
   * @throws CommandFailedException when it is not known, or not there
   */
  Workflow open(CommandSpec spec) {
    LogSettings.quiet();
    LoadedConfig loaded = options.read(spec, NOT_NEEDED);
    WorkflowDirectories directories = new WorkflowDirectories(loaded.config().workflow().dir());
    if (!Files.isDirectory(directories.toBeProcessed())
        || !Files.isDirectory(directories.processing())) {
      throw CommandFailedException.wrongUse(
          "%s is no workflow directory: there are no to_be_processed and processing in it"
              .formatted(Printable.line(directories.root().toString())));
    }
    return new Workflow(
        directories,
        DaemonRecord.read(directories).filter(DaemonRecord::isRunning),
        loaded.config(),
        loaded.origins().containsKey(OutputConfig.OUTPUT_DIR));
  }
}
