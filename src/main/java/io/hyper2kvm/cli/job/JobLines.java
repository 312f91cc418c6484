package io.hyper2kvm.cli.job;

import io.hyper2kvm.cli.output.Words;
import io.hyper2kvm.report.EndView;
import io.hyper2kvm.report.LiveView;
import io.hyper2kvm.text.Printable;
import io.hyper2kvm.view.JobReading;
import io.hyper2kvm.view.Placed;
import io.hyper2kvm.workflow.Job;
import io.hyper2kvm.workflow.JobState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One manifest for a reader at a terminal, in lines. */
public final class JobLines {

  private static final int MOST_ERROR_LINES = 100;
  private static final int MOST_WARNINGS = 20;

  private final Clock clock;

  public JobLines(Clock clock) {
    this.clock = clock;
  }

  /** What is known of it now. */
  public List<String> of(Job job) {
    return switch (job.state()) {
      case WAITING -> waiting(job);
      case RUNNING -> running(job, JobReading.live(job), Integer.MAX_VALUE);
      case COMPLETED, FAILED -> ended(job, JobReading.end(job));
    };
  }

  private List<String> waiting(Job job) {
    Duration waited = Duration.between(Placed.of(job).since(), clock.instant());
    String why = new WaitWords(clock).of(job.manifest());
    return List.of(
        "%s: waiting for %s%s"
            .formatted(name(job), Words.elapsed(waited), why.isEmpty() ? "" : ", " + why));
  }

  /** A manifest at work; of its VMs those first that are at work. */
  public List<String> running(Job job, LiveView live, int mostVms) {
    List<String> lines = new ArrayList<>();
    List<LiveView.Vm> vms = live.vms();
    long ended = vms.stream().filter(LiveView.Vm::ended).count();
    String progress = vms.size() > 1 ? ", %d of %d VMs ended".formatted(ended, vms.size()) : "";
    lines.add(
        "%s: running%s%s"
            .formatted(
                name(job),
                progress,
                live.startedAt().map(start -> ", for " + since(start)).orElse("")));
    live.beginsAt()
        .ifPresent(at -> lines.add("  by its schedule no further VM begins until " + at));
    List<LiveView.Vm> atWork =
        vms.stream().filter(vm -> vm.status().equals("running")).limit(mostVms).toList();
    List<LiveView.Vm> others =
        vms.stream()
            .filter(vm -> !vm.status().equals("running"))
            .limit(mostVms - atWork.size())
            .toList();
    int width = width(vms.stream().map(LiveView.Vm::name).toList());
    atWork.forEach(vm -> lines.add("  " + vm(vm, width)));
    others.forEach(vm -> lines.add("  " + vm(vm, width)));
    int more = vms.size() - atWork.size() - others.size();
    if (more > 0) {
      lines.add("  and %d more VMs".formatted(more));
    }
    return lines;
  }

  private String vm(LiveView.Vm vm, int width) {
    String name = pad(Printable.line(vm.name()), width);
    if (vm.status().equals("running")) {
      return "%s  %s %s  %s in the stage, %s in all%s%s"
          .formatted(
              name,
              pad(Printable.line(vm.stage().orElse("")), "validate".length()),
              vm.percent().filter(p -> p > 0).map("%5.1f %%"::formatted).orElse("       "),
              vm.stageStartedAt().map(this::since).orElse("?"),
              vm.startedAt().map(this::since).orElse("?"),
              left(vm),
              vm.waitingFor().map(what -> ", waits for " + Printable.line(what)).orElse(""));
    }
    String code = vm.code().map(text -> " " + Printable.line(text)).orElse("");
    String held = vm.waitingFor().map(what -> " for " + held(what)).orElse("");
    return "%s  %s%s%s".formatted(name, Printable.line(vm.status()), held, code);
  }

  /** By the median of earlier VMs. */
  private String left(LiveView.Vm vm) {
    return vm.endsAt()
        .map(end -> Duration.between(clock.instant(), end.toInstant()))
        .map(
            left ->
                left.isNegative()
                    ? ", longer than expected"
                    : ", about %s left by %d earlier VMs"
                        .formatted(Words.elapsed(left), vm.expectedFrom().orElse(0)))
        .orElse("");
  }

  private static String held(String what) {
    return switch (what) {
      case "schedule" -> "its time";
      case "drain" -> "the end of the drain";
      default -> Printable.line(what);
    };
  }

  private String since(OffsetDateTime start) {
    return Words.elapsed(Duration.between(start.toInstant(), clock.instant()));
  }

  /** A manifest at its end, with where its report is and what to do. */
  public List<String> ended(Job job, EndView end) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s: %s%s%s"
            .formatted(
                name(job),
                job.state().text(),
                end.completedAt().map(at -> " at " + at).orElse(""),
                took(end).map(t -> " after " + t).orElse("")));
    end.vms().forEach(vm -> addVm(lines, vm));
    // A VM's failure is told with the VM; this is the manifest's own.
    boolean told = end.vms().stream().anyMatch(vm -> vm.failure().equals(end.failure()));
    if (!told) {
      end.failure().ifPresent(reason -> addReason(lines, "  ", reason));
    }
    if (end.vms().size() > 1) {
      end.savings().ifPresent(found -> lines.add("  space: " + Words.savings(found)));
    }
    lines.add("  manifest: " + Printable.line(job.manifest().toString()));
    lines.add(
        "  %s: %s"
            .formatted(
                job.state() == JobState.FAILED ? "error file" : "report",
                Printable.line(job.outcome().toString())));
    return lines;
  }

  private static Optional<String> took(EndView end) {
    if (end.startedAt().isEmpty() || end.completedAt().isEmpty()) {
      return Optional.empty();
    }
    Instant start = end.startedAt().get().toInstant();
    return Optional.of(Words.elapsed(Duration.between(start, end.completedAt().get().toInstant())));
  }

  private static void addVm(List<String> lines, EndView.Vm vm) {
    String how =
        vm.completed()
            ? vm.reused() ? "completed, reused from an earlier run" : "completed"
            : "failed" + vm.stage().map(stage -> " in " + Printable.line(stage)).orElse("");
    String time =
        vm.seconds()
            .map(seconds -> " after " + Words.elapsed(Duration.ofSeconds(seconds.longValue())))
            .orElse("");
    lines.add("  %s: %s%s".formatted(Printable.line(vm.name()), how, time));
    vm.failure().ifPresent(reason -> addReason(lines, "    ", reason));
    vm.outputs().forEach(output -> lines.add("    output: " + Printable.line(output)));
    vm.savings().ifPresent(found -> lines.add("    space: " + Words.savings(found)));
    vm.warnings().stream()
        .limit(MOST_WARNINGS)
        .forEach(warning -> lines.add("    warning: " + Printable.line(warning)));
    if (vm.warnings().size() > MOST_WARNINGS) {
      lines.add("    and %d more warnings".formatted(vm.warnings().size() - MOST_WARNINGS));
    }
  }

  private static void addReason(List<String> lines, String indent, EndView.Reason reason) {
    lines.add(indent + "code: " + Printable.line(reason.code()));
    reason
        .error()
        .ifPresent(
            error ->
                Printable.lines(error, MOST_ERROR_LINES)
                    .forEach(line -> lines.add(indent + "error: " + line)));
    reason.hint().ifPresent(hint -> lines.add(indent + "hint: " + Printable.line(hint)));
  }

  public static String name(Job job) {
    return Printable.line(job.file().name());
  }

  public static int width(List<String> names) {
    return names.stream().mapToInt(name -> Printable.line(name).length()).max().orElse(0);
  }

  public static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
