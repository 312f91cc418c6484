package io.hyper2kvm.cli;

import io.hyper2kvm.cli.job.JobJson;
import io.hyper2kvm.cli.job.JobLines;
import io.hyper2kvm.cli.job.WaitWords;
import io.hyper2kvm.cli.output.Words;
import io.hyper2kvm.report.EndView;
import io.hyper2kvm.text.Printable;
import io.hyper2kvm.view.EndedDays;
import io.hyper2kvm.view.FolderState;
import io.hyper2kvm.view.JobReading;
import io.hyper2kvm.view.Placed;
import io.hyper2kvm.workflow.DaemonRecord;
import io.hyper2kvm.workflow.DrainFile;
import io.hyper2kvm.workflow.Job;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a workflow directory holds at one moment: for a reader, and for a script. */
final class Overview {

  private final Workflow workflow;
  private final Clock clock;
  private final int most;
  private final List<Job> running;
  private final List<Placed> waiting;
  private final List<Placed> completed;
  private final List<Placed> failed;
  private final boolean drained;

  /**
   * Looks.
   *
   * @param most how many manifests are named in each list
   */
  Overview(Workflow workflow, Clock clock, int most) throws IOException {
    this.workflow = workflow;
    this.clock = clock;
    this.most = most;
    FolderState state =
        FolderState.read(
            workflow.directories(), new EndedDays(workflow.directories()), LocalDate.now(clock));
    waiting = state.waiting();
    running = state.running();
    completed = state.completed();
    failed = state.failed();
    drained = DrainFile.of(workflow.directories()).isThere();
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("daemon: " + workflow.daemon().map(Overview::describe).orElse("not running"));
    if (drained) {
      lines.add("drained: nothing new begins until hyper2kvm resume");
    }
    lines.add("running: " + running.size());
    JobLines each = new JobLines(clock);
    for (Job job : running.subList(0, Math.min(most, running.size()))) {
      each.running(job, JobReading.live(job), most).forEach(line -> lines.add("  " + line));
    }
    addMore(lines, running.size());
    String oldest = waiting.isEmpty() ? "" : ", the oldest for " + waited(waiting.get(0));
    lines.add("waiting: " + waiting.size() + oldest);
    WaitWords words = new WaitWords(clock);
    first(waiting).forEach(placed -> lines.add("  " + waiting(placed.job(), words)));
    addMore(lines, waiting.size());
    lines.add("completed today: " + completed.size());
    first(completed).forEach(placed -> lines.add("  " + JobLines.name(placed.job())));
    addMore(lines, completed.size());
    lines.add("failed today: " + failed.size());
    int width = JobLines.width(first(failed).stream().map(p -> p.job().file().name()).toList());
    for (Placed placed : first(failed)) {
      lines.add(
          "  %s  %s".formatted(JobLines.pad(JobLines.name(placed.job()), width), code(placed)));
    }
    addMore(lines, failed.size());
    return lines;
  }

  private static String waiting(Job job, WaitWords words) {
    String why = words.of(job.manifest());
    return why.isEmpty() ? JobLines.name(job) : JobLines.name(job) + "  " + why;
  }

  private static String describe(DaemonRecord daemon) {
    return "running, process %d, version %s, since %s"
        .formatted(
            daemon.process().pid(),
            Printable.line(daemon.version()),
            Printable.line(daemon.startedAt()));
  }

  private String waited(Placed placed) {
    return Words.elapsed(Duration.between(placed.since(), clock.instant()));
  }

  private static String code(Placed placed) {
    return JobReading.head(placed.job())
        .failure()
        .map(EndView.Reason::code)
        .map(Printable::line)
        .orElse("no readable error file");
  }

  private List<Placed> first(List<Placed> all) {
    return all.subList(0, Math.min(most, all.size()));
  }

  private void addMore(List<String> lines, int all) {
    if (all > most) {
      lines.add("  and %d more".formatted(all - most));
    }
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("workflow_dir", workflow.directories().root());
    Map<String, Object> daemon = new LinkedHashMap<>();
    daemon.put("running", workflow.daemon().isPresent());
    workflow
        .daemon()
        .ifPresent(
            record -> {
              daemon.put("pid", record.process().pid());
              daemon.put("version", record.version());
              daemon.put("started_at", record.startedAt());
              daemon.put("output_dir", record.outputDir());
              daemon.put("draining", record.draining());
            });
    json.put("daemon", daemon);
    json.put("drained", drained);
    json.put(
        "running",
        list(
            running.size(),
            running.stream()
                .limit(most)
                .map(job -> JobJson.running(job, JobReading.live(job)))
                .toList()));
    json.put(
        "waiting",
        list(
            waiting.size(),
            first(waiting).stream().map(Placed::job).map(JobJson::waiting).toList()));
    json.put("completed_today", list(completed.size(), ended(completed)));
    json.put("failed_today", list(failed.size(), ended(failed)));
    return json;
  }

  private List<Map<String, Object>> ended(List<Placed> all) {
    return first(all).stream()
        .map(placed -> JobJson.ended(placed.job(), JobReading.head(placed.job())))
        .toList();
  }

  private static Map<String, Object> list(int count, List<?> manifests) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("count", count);
    json.put("manifests", manifests);
    return json;
  }
}
