package io.hyper2kvm.cli;

import io.hyper2kvm.cli.output.CommandFailedException;
import io.hyper2kvm.cli.output.Surroundings;
import io.hyper2kvm.config.value.DurationText;
import io.hyper2kvm.text.Printable;
import io.hyper2kvm.view.JobReading;
import io.hyper2kvm.workflow.DaemonRecord;
import io.hyper2kvm.workflow.DrainFile;
import io.hyper2kvm.workflow.Job;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code hyper2kvm drain}: nothing new begins, for the maintenance of a machine. */
@Command(
    customSynopsis = "hyper2kvm drain [OPTION...]",
    description = {
      "Lets nothing new begin: no manifest is taken, and no VM begins. What runs goes on to its end.",
      "",
      "It holds until hyper2kvm resume, also over a restart of the daemon, and may be asked for"
          + " before one starts. What waits stays where it is.",
      "",
      WorkflowOptions.WHERE,
      ""
    },
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:drained; with --wait: no VM runs any more",
      "1:it could not be asked for, or the daemon did not hear it",
      "2:the command line or the configuration is wrong",
      "3:with --timeout: the time was up; the daemon stays drained"
    },
    footer = {"", "Example:", "  hyper2kvm drain --wait && reboot"})
final class DrainCommand implements Callable<Integer> {

  /** The daemon looks four times a second. */
  static final Duration TO_HEAR = Duration.ofSeconds(15);

  private static final long LOOK_MILLIS = 250;

  @Option(names = "--wait", description = "Wait until no VM runs any more")
  private boolean wait;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "With --wait: no longer than this, like 90s, 30m or 4h")
  private String timeout;

  @Mixin private StandardOptions standard;
  @Mixin private final WorkflowOptions options;

  private final CommandSpec spec;

  DrainCommand(Surroundings surroundings) {
    options = new WorkflowOptions(surroundings);
    spec = options.addTo(CommandSpec.forAnnotatedObject(this));
  }

  CommandSpec spec() {
    return spec;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Optional<Duration> limit = limit();
    Workflow workflow = options.open(spec);
    DrainFile file = DrainFile.of(workflow.directories());
    try {
      file.write();
    } catch (IOException e) {
      throw CommandFailedException.because(
          "%s could not be written: %s"
              .formatted(Printable.line(file.file().toString()), Printable.line(e.toString())));
    }
    if (workflow.daemon().isEmpty()) {
      print("drained: no daemon is running; one that starts begins nothing until hyper2kvm resume");
      return 0;
    }
    requireHeard(workflow, true);
    long running = running(workflow);
    print(
        "drained: nothing new begins until hyper2kvm resume; %s on".formatted(vmsRun(running, "")));
    return wait ? awaitEnd(workflow, limit) : 0;
  }

  private Optional<Duration> limit() {
    if (timeout != null && !wait) {
      throw new ParameterException(spec.commandLine(), "--timeout needs --wait");
    }
    try {
      return Optional.ofNullable(timeout).map(DurationText::parse);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(),
          "--timeout: %s: a time is written like 90s, 30m or 4h".formatted(e.getMessage()));
    }
  }

  /** Waits until the daemon says so of itself. */
  static void requireHeard(Workflow workflow, boolean drained) throws InterruptedException {
    long end = System.nanoTime() + TO_HEAR.toNanos();
    while (true) {
      Optional<DaemonRecord> daemon =
          DaemonRecord.read(workflow.directories()).filter(DaemonRecord::isRunning);
      if (daemon.isEmpty() || daemon.get().draining() == drained) {
        return;
      }
      if (System.nanoTime() - end > 0) {
        throw CommandFailedException.because(
            "the daemon did not hear the request within %d s: its log says why; or its folder of"
                    .formatted(TO_HEAR.toSeconds())
                + " routes is from before there was a route manifest-drain");
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  private int awaitEnd(Workflow workflow, Optional<Duration> limit)
      throws IOException, InterruptedException {
    long began = System.nanoTime();
    while (running(workflow) > 0) {
      if (limit.filter(most -> System.nanoTime() - began > most.toNanos()).isPresent()) {
        print("%s; the daemon stays drained".formatted(vmsRun(running(workflow), "still ")));
        return 3;
      }
      Thread.sleep(LOOK_MILLIS);
    }
    print("no VM runs any more");
    return 0;
  }

  private static String vmsRun(long vms, String how) {
    return vms == 1 ? "1 VM %sruns".formatted(how) : "%d VMs %srun".formatted(vms, how);
  }

  /** As the daemon counts, which also knows of a VM before its first stage. */
  private static long running(Workflow workflow) throws IOException {
    Optional<DaemonRecord> daemon =
        DaemonRecord.read(workflow.directories()).filter(DaemonRecord::isRunning);
    if (daemon.isPresent() && daemon.get().vmsAtWork().isPresent()) {
      return daemon.get().vmsAtWork().getAsInt();
    }
    long running = 0;
    for (Job job : workflow.jobs().running()) {
      running +=
          JobReading.live(job).vms().stream().filter(vm -> vm.status().equals("running")).count();
    }
    return running;
  }

  private void print(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
