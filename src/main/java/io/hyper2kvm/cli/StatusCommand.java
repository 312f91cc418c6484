package io.hyper2kvm.cli;

import io.hyper2kvm.cli.display.Displays;
import io.hyper2kvm.cli.display.Watch;
import io.hyper2kvm.cli.display.Watched;
import io.hyper2kvm.cli.job.JobChoice;
import io.hyper2kvm.cli.job.JobJson;
import io.hyper2kvm.cli.job.JobLines;
import io.hyper2kvm.cli.output.CommandFailedException;
import io.hyper2kvm.cli.output.OutputFormat;
import io.hyper2kvm.cli.output.Surroundings;
import io.hyper2kvm.view.JsonText;
import io.hyper2kvm.workflow.Job;
import io.hyper2kvm.workflow.JobState;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code hyper2kvm status [JOB]}: what runs, what waits, what ended today. */
@Command(
    customSynopsis = "hyper2kvm status [JOB [--follow]] [OPTION...]",
    description = {
      "Shows what runs, what waits and what ended today; or one manifest, as far as it has come.",
      "",
      "It reads files and needs no running daemon. JOB is a manifest's file name, that name without"
          + " its ending, the name it gives itself, or its path below the workflow directory. Of"
          + " several that ended, the last is meant.",
      "",
      WorkflowOptions.WHERE,
      ""
    },
    parameterListHeading = "Arguments:%n",
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:shown; with JOB: it waits, runs or completed",
      "1:with JOB: it failed, or there is none such",
      "2:the command line or the configuration is wrong"
    },
    footer = {
      "",
      "Examples:",
      "  hyper2kvm status",
      "  hyper2kvm status web01 --follow",
      "  hyper2kvm status --output json | jq .failed_today.count"
    })
final class StatusCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "JOB",
      description = "Show this manifest and its VMs")
  private String job;

  @Option(
      names = "--follow",
      description = "Go on showing JOB until it has ended; then the exit code tells how")
  private boolean follow;

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES} [${DEFAULT-VALUE}]")
  private OutputFormat output;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "10",
      description =
          "Name so many manifests and VMs of each kind; all are counted [${DEFAULT-VALUE}]")
  private int limit;

  @Mixin private StandardOptions standard;
  @Mixin private final WorkflowOptions options;

  private final Clock clock = Clock.systemDefaultZone();
  private final CommandSpec spec;

  StatusCommand(Surroundings surroundings) {
    options = new WorkflowOptions(surroundings);
    spec = options.addTo(CommandSpec.forAnnotatedObject(this));
  }

  CommandSpec spec() {
    return spec;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (job == null && follow) {
      throw new ParameterException(spec.commandLine(), "--follow needs a JOB");
    }
    if (limit < 0) {
      throw new ParameterException(spec.commandLine(), "--limit is below 0: " + limit);
    }
    Workflow workflow = options.open(spec);
    if (job == null) {
      Overview overview = new Overview(workflow, clock, limit);
      print(output == OutputFormat.json ? List.of(JsonText.of(overview.json())) : overview.lines());
      return 0;
    }
    Job found = choose(workflow);
    if (follow) {
      found = follow(workflow, found);
    }
    print(
        output == OutputFormat.json
            ? List.of(JsonText.of(JobJson.of(found)))
            : new JobLines(clock).of(found));
    return found.state() == JobState.FAILED ? 1 : 0;
  }

  private Job choose(Workflow workflow) throws IOException {
    JobChoice choice = new JobChoice(workflow.directories(), job);
    Optional<Job> found = choice.active();
    if (found.isEmpty()) {
      found = choice.ended(JobState.COMPLETED, JobState.FAILED);
    }
    return found.orElseThrow(() -> choice.unknown("in any folder"));
  }

  private Job follow(Workflow workflow, Job found) throws IOException, InterruptedException {
    Optional<Watched> watched = Watched.of(workflow.jobs(), found);
    if (watched.isEmpty()) {
      // It moved on between the two looks.
      return choose(workflow);
    }
    Watch.Display display =
        output == OutputFormat.json ? jobs -> {} : Displays.of(spec.commandLine(), clock);
    Watch.follow(List.of(watched.get()), display, Optional.empty());
    if (watched.get().isGone()) {
      throw CommandFailedException.because(
          JobLines.name(found) + " is in no folder any more: somebody took it away");
    }
    return watched.get().job();
  }

  private void print(List<String> lines) {
    PrintWriter out = spec.commandLine().getOut();
    lines.forEach(out::println);
    out.flush();
  }
}
