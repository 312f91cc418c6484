package io.hyper2kvm.cli;

import io.hyper2kvm.cli.display.Watched;
import io.hyper2kvm.cli.job.JobChoice;
import io.hyper2kvm.cli.job.JobLines;
import io.hyper2kvm.cli.output.CommandFailedException;
import io.hyper2kvm.cli.output.Surroundings;
import io.hyper2kvm.text.Printable;
import io.hyper2kvm.view.JobReading;
import io.hyper2kvm.workflow.Job;
import io.hyper2kvm.workflow.JobState;
import io.hyper2kvm.workflow.Submission;
import io.hyper2kvm.workflow.Submitted;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;

/** {@code hyper2kvm retry JOB}: a failed manifest goes back into the drop zone. */
@Command(
    customSynopsis = "hyper2kvm retry JOB [OPTION...]",
    description = {
      "Moves a failed manifest back into the drop zone, under the name it was dropped by.",
      "",
      "It is what mv does, without overwriting anything. JOB is a manifest's file name, that name"
          + " without its ending, the name it gives itself, or its path below the workflow"
          + " directory; of several, the one that failed last is meant. Its error file stays."
          + " The .retry.json beside a failed batch, named in full, runs only what did not succeed.",
      "",
      WorkflowOptions.WHERE,
      ""
    },
    parameterListHeading = "Arguments:%n",
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:moved back; with --wait: it completed",
      "1:there is no failed manifest of that name, or it could not be moved; with --wait: it failed",
      "2:the command line or the configuration is wrong",
      "3:with --timeout: the time was up; the manifest goes on"
    },
    footer = {
      "",
      "Examples:",
      "  hyper2kvm retry web01",
      "  hyper2kvm retry failed/2026-11-24/web01.2.yaml --wait"
    })
final class RetryCommand implements Callable<Integer> {

  @Parameters(paramLabel = "JOB", description = "The failed manifest")
  private String job;

  @Mixin private WaitOptions wait;
  @Mixin private StandardOptions standard;
  @Mixin private final WorkflowOptions options;

  private final CommandSpec spec;

  RetryCommand(Surroundings surroundings) {
    options = new WorkflowOptions(surroundings);
    spec = options.addTo(CommandSpec.forAnnotatedObject(this));
  }

  CommandSpec spec() {
    return spec;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    wait.requireUse(spec.commandLine());
    Workflow workflow = options.open(spec);
    JobChoice choice = new JobChoice(workflow.directories(), job);
    Job failed = meant(choice);
    Submitted dropped;
    try {
      dropped =
          new Submission(workflow.directories())
              .move(failed.manifest(), JobReading.original(failed));
    } catch (NoSuchFileException e) {
      throw CommandFailedException.because(
          JobLines.name(failed) + " is not there any more: somebody moved it meanwhile");
    } catch (IOException e) {
      throw CommandFailedException.because(
          "%s could not be moved back: %s"
              .formatted(JobLines.name(failed), Printable.line(e.toString())));
    }
    wait.tell(
        spec.commandLine(),
        "moved %s back to %s"
            .formatted(
                Printable.line(
                    workflow.directories().root().relativize(failed.manifest()).toString()),
                Printable.line(dropped.place().toString())));
    workflow.tellIfNoDaemon(spec.commandLine());
    return wait.finish(spec.commandLine(), List.of(Watched.of(workflow.jobs(), dropped)));
  }

  private static Job meant(JobChoice choice) throws IOException {
    Optional<Job> failed = choice.ended(JobState.FAILED);
    return failed.isPresent()
        ? failed.get()
        : choice.retryManifest().orElseThrow(() -> choice.unknown("in failed/"));
  }
}
