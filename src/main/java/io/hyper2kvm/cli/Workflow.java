package io.hyper2kvm.cli;

import io.hyper2kvm.cli.output.CommandFailedException;
import io.hyper2kvm.config.DaemonConfig;
import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.manifest.rules.ManifestContext;
import io.hyper2kvm.text.Printable;
import io.hyper2kvm.workflow.DaemonRecord;
import io.hyper2kvm.workflow.Jobs;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.util.Optional;
import picocli.CommandLine;

/**
 * A workflow directory and what is known of its daemon.
 *
 * @param directories its folders
 * @param daemon what the running daemon says of itself; empty when none runs
 * @param config what the command's own configuration says; its output folder only counts if {@code
 *     outputKnown}
 * @param outputKnown whether somebody configured the output folder
 */
record Workflow(
    WorkflowDirectories directories,
    Optional<DaemonRecord> daemon,
    DaemonConfig config,
    boolean outputKnown) {

  Jobs jobs() {
    return new Jobs(directories);
  }

  /** Says so where nobody takes what was put there. */
  void tellIfNoDaemon(CommandLine command) {
    if (daemon.isEmpty()) {
      command
          .getErr()
          .println("hyper2kvm: no daemon is running there; what waits is taken when one starts");
      command.getErr().flush();
    }
  }

  /** How the daemon that runs, or the one that is configured, reads a manifest. */
  ManifestContext context() {
    if (daemon.isPresent()) {
      DaemonRecord running = daemon.get();
      return new ManifestContext(
          running.sourceDir(),
          running.allowedSourceRoots(),
          running.outputDir(),
          running.allowedOutputRoots(),
          // Whether a manifest is good does not depend on it.
          DomainSpec.NOTHING);
    }
    if (!outputKnown) {
      throw CommandFailedException.wrongUse(
          ("no daemon runs on %s, so its settings are not known: name its configuration by --config,"
                  + " or its folders by --output-dir and the like")
              .formatted(Printable.line(directories.root().toString())));
    }
    return config.manifests();
  }

  /** The largest manifest that is read, in bytes. */
  int maxManifestSize() {
    long most =
        daemon.map(DaemonRecord::maxManifestSize).orElse(config.intake().maxManifestSize().bytes());
    return (int) Math.max(1, Math.min(most, 64 << 20));
  }
}
