package io.hyper2kvm.daemon.web;

import io.hyper2kvm.manifest.schedule.Timing;
import io.hyper2kvm.report.LiveView;
import io.hyper2kvm.report.ReportJson;
import io.hyper2kvm.view.Ended;
import io.hyper2kvm.view.EndedIndex;
import io.hyper2kvm.view.JobId;
import io.hyper2kvm.view.JobReading;
import io.hyper2kvm.view.Placed;
import io.hyper2kvm.view.Progress;
import io.hyper2kvm.workflow.Job;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A manifest as the lists show it. */
final class ManifestJson {

  private final JobId ids;
  private final EndedIndex index;
  private final DaemonFacts facts;
  private final Blocked blocked;
  private final ZoneId zone;

  /**
   * The manifests of a daemon.
   *
   * @param facts knows when those that wait may begin
   */
  ManifestJson(JobId ids, EndedIndex index, DaemonFacts facts, Blocked blocked, ZoneId zone) {
    this.ids = ids;
    this.index = index;
    this.facts = facts;
    this.blocked = blocked;
    this.zone = zone;
  }

  /** One of the drop zone; of its content the daemon knows its time and priority. */
  Map<String, Object> waiting(Placed placed) {
    Map<String, Object> json = head(placed.job());
    json.put("since", time(placed.since()));
    String file = placed.job().file().name();
    Timing timing = facts.timing(file);
    if (!timing.schedule().isAnyTime()) {
      json.put("schedule", timing.schedule().text());
      blocked.beginsAt(file).ifPresent(at -> json.put("begins_at", time(at)));
    }
    if (timing.priority() != 0) {
      json.put("priority", timing.priority());
    }
    return json;
  }

  /** One at work, with the status that was read of it. */
  Map<String, Object> running(Job job, LiveView live) {
    Map<String, Object> json = head(job);
    live.jobId().ifPresent(name -> json.put("name", name));
    json.put("since", time(Placed.of(job).since()));
    live.startedAt().ifPresent(at -> json.put("started_at", ReportJson.timestamp(at)));
    live.beginsAt().ifPresent(at -> json.put("begins_at", ReportJson.timestamp(at)));
    if (!live.vms().isEmpty()) {
      json.put("vms", counts(live.vms()));
      json.put("percent", Math.round(Progress.of(live.vms()) * 10) / 10.0);
    }
    return json;
  }

  private static Map<String, Object> counts(List<LiveView.Vm> vms) {
    Map<String, Object> counts = new LinkedHashMap<>();
    counts.put("total", vms.size());
    for (String status : List.of("waiting", "running", "completed", "failed")) {
      counts.put(status, (int) vms.stream().filter(vm -> vm.status().equals(status)).count());
    }
    return counts;
  }

  /** One that ended. */
  Map<String, Object> ended(Placed placed) {
    Job job = placed.job();
    Ended ended = index.of(job);
    Map<String, Object> json = head(job);
    ended.name().ifPresent(name -> json.put("name", name));
    json.put("date", job.manifest().getParent().getFileName().toString());
    json.put("since", time(placed.since()));
    ended.startedAt().ifPresent(at -> json.put("started_at", ReportJson.timestamp(at)));
    ended.completedAt().ifPresent(at -> json.put("completed_at", ReportJson.timestamp(at)));
    seconds(ended.startedAt(), ended.completedAt()).ifPresent(s -> json.put("seconds", s));
    int vms = ended.completed() + ended.failed();
    if (vms > 0) {
      Map<String, Object> counts = new LinkedHashMap<>();
      counts.put("total", vms);
      counts.put("waiting", 0);
      counts.put("running", 0);
      counts.put("completed", ended.completed());
      counts.put("failed", ended.failed());
      json.put("vms", counts);
    }
    ended.code().ifPresent(code -> json.put("code", code));
    ended.error().ifPresent(error -> json.put("error", error));
    return json;
  }

  /** One of any state. */
  Map<String, Object> of(Job job) {
    return switch (job.state()) {
      case WAITING -> waiting(Placed.of(job));
      case RUNNING -> running(job, JobReading.live(job));
      case COMPLETED, FAILED -> ended(Placed.of(job));
    };
  }

  private Map<String, Object> head(Job job) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", ids.of(job));
    json.put("file", job.file().name());
    json.put("name", job.file().stem());
    json.put("state", job.state().text());
    return json;
  }

  private static Optional<Double> seconds(
      Optional<OffsetDateTime> from, Optional<OffsetDateTime> to) {
    return from.flatMap(start -> to.map(end -> ReportJson.seconds(Duration.between(start, end))));
  }

  /** A time with this machine's offset. */
  String time(Instant at) {
    return ReportJson.timestamp(at.atZone(zone).toOffsetDateTime());
  }
}
