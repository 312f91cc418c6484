package io.hyper2kvm.cli.job;

import io.hyper2kvm.report.EndView;
import io.hyper2kvm.report.LiveView;
import io.hyper2kvm.view.JobReading;
import io.hyper2kvm.view.Placed;
import io.hyper2kvm.workflow.Job;
import io.hyper2kvm.workflow.JobState;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/** One manifest for a script. */
public final class JobJson {

  private JobJson() {}

  /** What is known of it now, with its VMs. */
  public static Map<String, Object> of(Job job) {
    return switch (job.state()) {
      case WAITING -> waiting(job);
      case RUNNING -> running(job, JobReading.live(job));
      case COMPLETED, FAILED -> ended(job, JobReading.end(job));
    };
  }

  private static Map<String, Object> head(Job job) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("file", job.file().name());
    json.put("state", job.state().text());
    json.put("manifest", job.manifest());
    return json;
  }

  public static Map<String, Object> waiting(Job job) {
    Map<String, Object> json = head(job);
    json.put("since", Placed.of(job).since());
    json.putAll(new WaitWords(Clock.systemDefaultZone()).json(job.manifest()));
    return json;
  }

  public static Map<String, Object> running(Job job, LiveView live) {
    Map<String, Object> json = head(job);
    json.put("job_id", live.jobId());
    json.put("original_name", live.originalName());
    json.put("started_at", live.startedAt());
    json.put("begins_at", live.beginsAt());
    json.put("vms", live.vms().stream().map(JobJson::vm).toList());
    return json;
  }

  private static Map<String, Object> vm(LiveView.Vm vm) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", vm.name());
    json.put("status", vm.status());
    json.put("stage", vm.stage());
    json.put("waiting_for", vm.waitingFor());
    json.put("expected_end", vm.endsAt());
    json.put("expected_from_vms", vm.expectedFrom());
    json.put("percent", vm.percent());
    json.put("started_at", vm.startedAt());
    json.put("stage_started_at", vm.stageStartedAt());
    json.put("completed_at", vm.completedAt());
    json.put("code", vm.code());
    return json;
  }

  /** A manifest at its end. */
  public static Map<String, Object> ended(Job job, EndView end) {
    Map<String, Object> json = head(job);
    json.put(job.state() == JobState.FAILED ? "error_file" : "report", job.outcome());
    json.put("job_id", end.jobId());
    json.put("original_name", end.originalName());
    json.put("started_at", end.startedAt());
    json.put("completed_at", end.completedAt());
    end.failure().ifPresent(reason -> put(json, reason));
    end.savings().ifPresent(found -> json.put("savings", found.json()));
    if (!end.vms().isEmpty()) {
      json.put("vms", end.vms().stream().map(JobJson::vm).toList());
    }
    return json;
  }

  private static Map<String, Object> vm(EndView.Vm vm) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", vm.name());
    json.put("status", vm.completed() ? "completed" : "failed");
    if (vm.reused()) {
      json.put("reused", true);
    }
    json.put("duration_seconds", vm.seconds());
    json.put("stage", vm.stage());
    vm.failure().ifPresent(reason -> put(json, reason));
    json.put("outputs", vm.outputs());
    vm.savings().ifPresent(found -> json.put("savings", found.json()));
    json.put("warnings", vm.warnings());
    return json;
  }

  private static void put(Map<String, Object> json, EndView.Reason reason) {
    json.put("code", reason.code());
    json.put("error", reason.error());
    json.put("hint", reason.hint());
  }
}
