package io.hyper2kvm.cli;

import io.hyper2kvm.cli.display.Watch;
import io.hyper2kvm.cli.display.Watched;
import io.hyper2kvm.cli.job.JobChoice;
import io.hyper2kvm.cli.job.JobLines;
import io.hyper2kvm.cli.output.CommandFailedException;
import io.hyper2kvm.cli.output.Surroundings;
import io.hyper2kvm.daemon.intake.WaitingCancel;
import io.hyper2kvm.report.EndView;
import io.hyper2kvm.text.Printable;
import io.hyper2kvm.view.JobReading;
import io.hyper2kvm.workflow.CancelRequest;
import io.hyper2kvm.workflow.Job;
import io.hyper2kvm.workflow.JobState;
import io.hyper2kvm.workflow.ManifestPlaces;
import io.hyper2kvm.workflow.WorkflowLock;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hyper2kvm cancel JOB}: gives up a manifest that waits or is at work. */
@Command(
    customSynopsis = "hyper2kvm cancel JOB [OPTION...]",
    description = {
      "Gives up a manifest that waits or is being worked on: it ends in failed/ with the code"
          + " CANCELLED.",
      "",
      "VMs that are not begun are not begun; the tools of those at work end within seconds, and what"
          + " they have half written is removed. Outputs of VMs that are done stay. JOB is a"
          + " manifest's file name, that name without its ending, the name it gives itself, or its"
          + " path below the workflow directory.",
      "",
      WorkflowOptions.WHERE,
      ""
    },
    parameterListHeading = "Arguments:%n",
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:cancelled; with --no-wait: asked for",
      "1:there is none such, it ended otherwise before, or no daemon heard the request",
      "2:the command line or the configuration is wrong, or several manifests may be meant"
    },
    footer = {"", "Example:", "  hyper2kvm cancel web01"})
final class CancelCommand implements Callable<Integer> {

  /** The daemon looks four times a second. */
  private static final Duration TO_HEAR = Duration.ofSeconds(15);

  /** Beyond what the tools get to end by themselves. */
  private static final Duration TO_END = Duration.ofMinutes(2);

  @Parameters(paramLabel = "JOB", description = "The manifest")
  private String job;

  @Option(names = "--no-wait", description = "Only ask; do not wait until it has ended")
  private boolean noWait;

  @Mixin private StandardOptions standard;
  @Mixin private final WorkflowOptions options;

  private final Clock clock = Clock.systemDefaultZone();
  private final CommandSpec spec;

  CancelCommand(Surroundings surroundings) {
    options = new WorkflowOptions(surroundings);
    spec = options.addTo(CommandSpec.forAnnotatedObject(this));
  }

  CommandSpec spec() {
    return spec;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Workflow workflow = options.open(spec);
    JobChoice choice = new JobChoice(workflow.directories(), job);
    Optional<Job> active = choice.active();
    if (active.isEmpty()) {
      throw notActive(choice);
    }
    Optional<Watched> found = Watched.of(workflow.jobs(), active.get());
    if (found.isEmpty()) {
      throw CommandFailedException.because(
          JobLines.name(active.get()) + " moved on at this moment: try again");
    }
    Watched watched = found.get();
    if (workflow.daemon().isEmpty()) {
      cancelWithoutDaemon(workflow, watched);
    } else if (!ask(workflow, watched)) {
      return 0;
    }
    return outcome(watched);
  }

  private static CommandFailedException notActive(JobChoice choice) throws IOException {
    Optional<Job> ended = choice.ended(JobState.COMPLETED, JobState.FAILED);
    if (ended.isPresent()) {
      return CommandFailedException.because(
          "%s has ended already: %s"
              .formatted(JobLines.name(ended.get()), ended.get().state().text()));
    }
    return choice.unknown("waiting or running in any folder");
  }

  /** Nobody else moves anything there while this process has the daemon's lock. */
  @SuppressWarnings("try") // the lock is only held
  private void cancelWithoutDaemon(Workflow workflow, Watched watched) throws IOException {
    Job waiting = watched.job();
    if (waiting.state() == JobState.RUNNING) {
      throw CommandFailedException.because(
          ("%s lies in processing/, but no daemon is running: it was left there by one that died. The"
                  + " next one that starts runs it again; cancel it then")
              .formatted(JobLines.name(waiting)));
    }
    boolean moved;
    try (WorkflowLock lock = WorkflowLock.take(workflow.directories())) {
      moved =
          new WaitingCancel(workflow.directories(), new ManifestPlaces(), clock)
              .fail(waiting.manifest());
    } catch (WorkflowLock.DirectoryOwnedException e) {
      throw CommandFailedException.because("a daemon is starting at this moment: try again");
    } catch (IOException e) {
      throw CommandFailedException.because(
          "%s could not be moved to failed/: %s"
              .formatted(JobLines.name(waiting), Printable.line(e.toString())));
    }
    if (!moved) {
      throw CommandFailedException.because(
          JobLines.name(waiting) + " is not there any more: somebody moved it meanwhile");
    }
    watched.look();
  }

  /** Asks the daemon; whether the end was waited for. */
  private boolean ask(Workflow workflow, Watched watched) throws IOException, InterruptedException {
    CancelRequest request;
    try {
      request =
          CancelRequest.write(
              workflow.directories(), watched.job().file().name(), watched.identity());
    } catch (IOException e) {
      throw CommandFailedException.because(
          "the request could not be written into %s: %s"
              .formatted(
                  Printable.line(workflow.directories().processing().toString()),
                  Printable.line(e.toString())));
    }
    if (noWait) {
      print(List.of(JobLines.name(watched.job()) + ": cancel requested"));
      return false;
    }
    Watch.follow(List.of(watched), jobs -> {}, Optional.of(TO_HEAR), () -> !request.isPending());
    if (request.isPending() && !watched.isOver()) {
      request.remove();
      throw CommandFailedException.because(
          "the daemon did not hear the request within %d s: its log says why; or its folder of"
                  .formatted(TO_HEAR.toSeconds())
              + " routes is from before there was a route manifest-cancel");
    }
    Watch.follow(List.of(watched), jobs -> {}, Optional.of(TO_END), () -> false);
    return true;
  }

  private int outcome(Watched watched) {
    if (watched.isGone()) {
      throw CommandFailedException.because(
          JobLines.name(watched.job()) + " is in no folder any more: somebody took it away");
    }
    if (!watched.isOver()) {
      throw CommandFailedException.because(
          "%s has not ended within %d s; the daemon's log says why"
              .formatted(JobLines.name(watched.job()), TO_END.toSeconds()));
    }
    EndView end = JobReading.end(watched.job());
    print(new JobLines(clock).ended(watched.job(), end));
    return end.failure().map(reason -> reason.code().equals("CANCELLED")).orElse(false) ? 0 : 1;
  }

  private void print(List<String> lines) {
    PrintWriter out = spec.commandLine().getOut();
    lines.forEach(out::println);
    out.flush();
  }
}
