package io.hyper2kvm.cli;

import io.hyper2kvm.cli.output.CommandFailedException;
import io.hyper2kvm.cli.output.Surroundings;
import io.hyper2kvm.text.Printable;
import io.hyper2kvm.workflow.DrainFile;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** {@code hyper2kvm resume}: ends a drain. */
@Command(
    customSynopsis = "hyper2kvm resume [OPTION...]",
    description = {
      "Ends hyper2kvm drain: manifests are taken and VMs begin again.",
      "",
      WorkflowOptions.WHERE,
      ""
    },
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing is drained any more",
      "1:it could not be asked for, or the daemon did not hear it",
      "2:the command line or the configuration is wrong"
    },
    footer = {"", "Example:", "  hyper2kvm resume"})
final class ResumeCommand implements Callable<Integer> {

  @Mixin private StandardOptions standard;
  @Mixin private final WorkflowOptions options;

  private final CommandSpec spec;

  ResumeCommand(Surroundings surroundings) {
    options = new WorkflowOptions(surroundings);
    spec = options.addTo(CommandSpec.forAnnotatedObject(this));
  }

  CommandSpec spec() {
    return spec;
  }

  @Override
  public Integer call() throws InterruptedException {
    Workflow workflow = options.open(spec);
    DrainFile file = DrainFile.of(workflow.directories());
    boolean drained;
    try {
      drained = file.isThere();
      file.remove();
    } catch (IOException e) {
      throw CommandFailedException.because(
          "%s could not be removed: %s"
              .formatted(Printable.line(file.file().toString()), Printable.line(e.toString())));
    }
    DrainCommand.requireHeard(workflow, false);
    spec.commandLine()
        .getOut()
        .println(
            drained ? "resumed: manifests are taken and VMs begin again" : "nothing was drained");
    spec.commandLine().getOut().flush();
    workflow.tellIfNoDaemon(spec.commandLine());
    return 0;
  }
}
