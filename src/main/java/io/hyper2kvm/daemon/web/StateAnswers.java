package io.hyper2kvm.daemon.web;

import io.hyper2kvm.report.EndView;
import io.hyper2kvm.report.LiveView;
import io.hyper2kvm.view.EndedDays;
import io.hyper2kvm.view.EndedIndex;
import io.hyper2kvm.view.FolderState;
import io.hyper2kvm.view.Freshness;
import io.hyper2kvm.view.JobReading;
import io.hyper2kvm.view.Listing;
import io.hyper2kvm.view.ManifestSearch;
import io.hyper2kvm.view.Placed;
import io.hyper2kvm.view.Query;
import io.hyper2kvm.workflow.Job;
import io.hyper2kvm.workflow.JobState;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Answers what waits, runs and has ended. */
final class StateAnswers {

  /** How many manifests an overview names in each list. */
  private static final int MOST_NAMED = 50;

  private static final Duration OVERVIEW_STAYS = Duration.ofMillis(500);
  private static final int DEFAULT_LIMIT = 50;
  private static final int MOST_WARNINGS = 500;

  private final WorkflowDirectories directories;
  private final EndedDays days;
  private final EndedIndex index;
  private final ManifestSearch search;
  private final ManifestJson manifests;
  private final VmListJson vms;
  private final DaemonJson daemon;
  private final Conditions conditions;
  private final Blocked blocked;
  private final ManifestPlace places;
  private final Clock clock;
  private final Freshness<WebAnswer> overview = new Freshness<>(OVERVIEW_STAYS, this::makeOverview);

  StateAnswers(
      WorkflowDirectories directories,
      EndedDays days,
      EndedIndex index,
      ManifestSearch search,
      ManifestJson manifests,
      DaemonJson daemon,
      Conditions conditions,
      Blocked blocked,
      ManifestPlace places,
      Clock clock) {
    this.directories = directories;
    this.days = days;
    this.index = index;
    this.search = search;
    this.manifests = manifests;
    this.vms = new VmListJson(clock);
    this.daemon = daemon;
    this.conditions = conditions;
    this.blocked = blocked;
    this.places = places;
    this.clock = clock;
  }

  /** GET /overview. */
  WebAnswer overview(WebRequest request) throws IOException {
    return overview.answer();
  }

  private WebAnswer makeOverview() throws IOException {
    FolderState state = FolderState.read(directories, days, LocalDate.now(clock));
    Map<Job, LiveView> live = new LinkedHashMap<>();
    state.running().forEach(job -> live.put(job, JobReading.live(job)));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("daemon", daemon.daemon());
    json.put("workflow_dir", directories.root());
    json.put("counts", counts(state, live));
    state.waiting().stream()
        .findFirst()
        .ifPresent(oldest -> json.put("oldest_waiting_at", manifests.time(oldest.since())));
    json.put("tools_running", daemon.toolsRunning());
    json.put("folders", daemon.folders());
    json.put("conditions", conditions.of(state, live));
    json.put(
        "running",
        live.entrySet().stream()
            .limit(MOST_NAMED)
            .map(entry -> manifests.running(entry.getKey(), entry.getValue()))
            .toList());
    json.put(
        "waiting", state.waiting().stream().limit(MOST_NAMED).map(manifests::waiting).toList());
    json.put("completed_today", ended(state.completed()));
    json.put("failed_today", ended(state.failed()));
    places.remember(state);
    return WebAnswer.json(json);
  }

  private static Map<String, Object> counts(FolderState state, Map<Job, LiveView> live) {
    Map<String, Object> counts = new LinkedHashMap<>();
    counts.put("waiting", state.waiting().size());
    counts.put("running", state.running().size());
    counts.put("completed_today", state.completed().size());
    counts.put("failed_today", state.failed().size());
    counts.put("vms_running", vms(live, "running"));
    counts.put("vms_waiting", vms(live, "waiting"));
    return counts;
  }

  private static int vms(Map<Job, LiveView> live, String status) {
    return (int)
        live.values().stream()
            .flatMap(view -> view.vms().stream())
            .filter(vm -> vm.status().equals(status))
            .count();
  }

  private List<Map<String, Object>> ended(List<Placed> placed) {
    return placed.stream().limit(MOST_NAMED).map(manifests::ended).toList();
  }

  /** GET /manifests. */
  WebAnswer list(WebRequest request) throws IOException, WebProblem {
    Query query = query(request);
    Listing found;
    try {
      found = search.find(query, request.queryText("after"));
    } catch (IllegalArgumentException e) {
      throw WebProblem.badRequest(
          "after is not the next of an earlier answer", "Leave it out to begin anew.");
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("items", found.items().stream().map(one -> manifests.of(one.job())).toList());
    json.put("next", found.next());
    json.put("total", found.total());
    return WebAnswer.json(json);
  }

  private static Query query(WebRequest request) throws WebProblem {
    try {
      return new Query(
          request.queryText("state").map(text -> JobState.valueOf(text.toUpperCase(Locale.ROOT))),
          request.queryText("date").map(LocalDate::parse),
          request.queryText("q"),
          request.queryText("limit").map(Integer::parseInt).orElse(DEFAULT_LIMIT));
    } catch (IllegalArgumentException | DateTimeParseException e) {
      throw WebProblem.badRequest(
          "a query parameter is wrong",
          "state is waiting, running, completed or failed; date is YYYY-MM-DD; limit is 1 to %d."
              .formatted(Query.MOST));
    }
  }

  /** GET /manifests/{id}. */
  WebAnswer one(WebRequest request) throws IOException, WebProblem {
    Job job = places.find(request.parameter("id"));
    Map<String, Object> json = new LinkedHashMap<>();
    switch (job.state()) {
      case WAITING -> {
        json.putAll(manifests.waiting(Placed.of(job)));
        json.put("vm_list", List.of());
        json.put("warnings", List.of());
        json.put("blocked", blocked.waiting(job.file().name()));
      }
      case RUNNING -> {
        LiveView live = JobReading.live(job);
        json.putAll(manifests.running(job, live));
        json.put("vm_list", vms.live(live));
        json.put("warnings", List.of());
        json.put("blocked", blocked.of(live));
      }
      case COMPLETED, FAILED -> putEnd(json, job);
    }
    json.put("has_report", isFile(job.outcome()));
    json.put(
        "has_retry_manifest",
        job.state() == JobState.FAILED
            && isFile(job.manifest().resolveSibling(job.file().retry())));
    places.remember(job);
    return WebAnswer.json(json);
  }

  private void putEnd(Map<String, Object> json, Job job) {
    EndView end = index.whole(job);
    json.putAll(manifests.ended(Placed.of(job)));
    json.put("vm_list", vms.ended(end, job.manifest()));
    json.put("warnings", warnings(end));
    end.savings().ifPresent(found -> json.put("savings", found.json()));
    end.failure()
        .ifPresent(
            reason -> {
              Map<String, Object> failure = new LinkedHashMap<>();
              failure.put("code", reason.code());
              failure.put("error", reason.error());
              failure.put("hint", reason.hint());
              failure.put("docs", "errors.md");
              Optional<EndView.Vm> failed =
                  end.vms().stream()
                      .filter(vm -> vm.failure().equals(Optional.of(reason)))
                      .findFirst();
              failure.put("vm", failed.map(EndView.Vm::name));
              failure.put("stage", failed.flatMap(EndView.Vm::stage));
              json.put("failure", failure);
            });
  }

  private static List<String> warnings(EndView end) {
    return end.vms().stream()
        .flatMap(vm -> vm.warnings().stream().map(warning -> vm.name() + ": " + warning))
        .limit(MOST_WARNINGS)
        .toList();
  }

  private static boolean isFile(Path file) {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }
}
