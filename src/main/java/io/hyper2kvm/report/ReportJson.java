package io.hyper2kvm.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.hyper2kvm.manifest.schedule.Timing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The report and error files, as documented in docs/reports.md. */
public final class ReportJson {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final int MESSAGE_MAX = 64 << 10;

  private ReportJson() {}

  /** The {@code .report.json} of a manifest that succeeded. */
  public static byte[] report(ManifestOutcome outcome) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("manifest", outcome.jobId());
    report.put("status", "completed");
    report.put("original_name", outcome.originalName());
    putDryRun(report, outcome);
    putTimes(report, outcome);
    putVms(report, outcome);
    putTiming(report, outcome.timing());
    putMetadata(report, outcome.metadata());
    return bytes(report);
  }

  /**
   * The {@code .error.json} of a manifest that failed.
   *
   * @param log where the log of the run is; empty when it goes to standard output
   * @param retry the name of the retry manifest beside it; empty when there is none
   */
  public static byte[] error(ManifestOutcome outcome, Optional<Path> log, Optional<String> retry) {
    Map<String, Object> error = new LinkedHashMap<>();
    Failure failure =
        outcome
            .firstFailure()
            .orElseThrow(() -> new IllegalArgumentException("the manifest did not fail"));
    error.put("job_id", outcome.jobId());
    error.put("original_name", outcome.originalName());
    error.put("failed_at", timestamp(outcome.completedAt()));
    error.put("status", "failed");
    putDryRun(error, outcome);
    putFailure(error, failure);
    log.ifPresent(path -> error.put("log", path.toString()));
    retry.ifPresent(name -> error.put("retry_manifest", name));
    putTimes(error, outcome);
    putVms(error, outcome);
    putTiming(error, outcome.timing());
    putMetadata(error, outcome.metadata());
    return bytes(error);
  }

  /** What a report says of one VM of a batch, for whoever wants to pass it on; a copy. */
  public static Map<String, Object> vm(VmOutcome vm) {
    return read(bytes(entry(vm)));
  }

  /** A copy down to the last list, for whoever may change what it is given. */
  public static Map<String, Object> copy(Map<String, Object> json) {
    return read(bytes(json));
  }

  /** What stands in a report or an error file, as lists and maps. */
  public static Map<String, Object> read(byte[] written) {
    try {
      return JSON.readValue(written, new TypeReference<LinkedHashMap<String, Object>>() {});
    } catch (IOException e) {
      throw new IllegalArgumentException("this is no report", e);
    }
  }

  private static void putDryRun(Map<String, Object> json, ManifestOutcome outcome) {
    if (outcome.vms().stream().anyMatch(vm -> vm.plan().isPresent())) {
      json.put("dry_run", true);
    }
  }

  private static void putTimes(Map<String, Object> json, ManifestOutcome outcome) {
    json.put("started_at", timestamp(outcome.startedAt()));
    json.put("completed_at", timestamp(outcome.completedAt()));
    json.put("duration_seconds", seconds(outcome.startedAt(), outcome.completedAt()));
  }

  private static void putTiming(Map<String, Object> json, Timing timing) {
    if (!timing.schedule().isAnyTime()) {
      json.put("schedule", timing.schedule().json());
    }
    if (timing.priority() != 0) {
      json.put("priority", timing.priority());
    }
  }

  private static void putMetadata(Map<String, Object> json, Map<String, Object> metadata) {
    if (!metadata.isEmpty()) {
      json.put("metadata", metadata);
    }
  }

  private static void putVms(Map<String, Object> json, ManifestOutcome outcome) {
    if (!outcome.batch() && outcome.vms().size() == 1) {
      putVm(json, outcome.vms().get(0));
    } else if (!outcome.vms().isEmpty()) {
      List<Object> vms = new ArrayList<>();
      for (VmOutcome vm : outcome.vms()) {
        vms.add(entry(vm));
      }
      json.put("vms", vms);
      outcome.vms().stream()
          .filter(vm -> vm.reusedFrom().isEmpty())
          .flatMap(vm -> vm.savings().stream())
          .reduce(Savings::plus)
          .ifPresent(savings -> json.put("savings", savings.json()));
    }
  }

  private static Map<String, Object> entry(VmOutcome vm) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("name", vm.name());
    entry.put("status", vm.succeeded() ? "completed" : "failed");
    entry.put("started_at", timestamp(vm.startedAt()));
    entry.put("completed_at", timestamp(vm.completedAt()));
    entry.put("duration_seconds", seconds(vm.startedAt(), vm.completedAt()));
    vm.failure().ifPresent(failure -> putFailure(entry, failure));
    putVm(entry, vm);
    putMetadata(entry, vm.metadata());
    return entry;
  }

  private static void putVm(Map<String, Object> json, VmOutcome vm) {
    vm.reusedFrom()
        .ifPresent(
            from -> {
              json.put("reused", true);
              json.put("reused_from", reusedFrom(from));
            });
    vm.estimate().ifPresent(estimate -> json.put("estimate", estimate));
    vm.plan().ifPresent(plan -> json.put("plan", plan));
    json.put("stages", VmJson.stages(vm.stages()));
    json.put(
        "artifacts", VmJson.artifacts(vm.inputs(), vm.outputs(), vm.description(), vm.signature()));
    json.put("warnings", vm.warnings());
  }

  private static Map<String, Object> reusedFrom(ReusedFrom from) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("manifest", from.manifest());
    json.put("vm", from.vm());
    json.put("completed_at", timestamp(from.completedAt()));
    json.put("provenance", from.provenance().toString());
    return json;
  }

  private static void putFailure(Map<String, Object> json, Failure failure) {
    json.put("error", bounded(failure.message()));
    json.put("code", failure.code().name());
    failure.vm().ifPresent(vm -> json.put("vm", vm));
    failure.stage().ifPresent(stage -> json.put("stage", stage.text()));
    failure.command().ifPresent(command -> json.put("command", bounded(command)));
    failure.exitCode().ifPresent(code -> json.put("exit_code", code));
    if (!failure.stderrTail().isBlank()) {
      json.put("stderr_tail", bounded(failure.stderrTail()));
    }
    json.put("hint", failure.hint());
    json.put("exception", bounded(failure.exception()));
  }

  private static String bounded(String text) {
    return text.length() <= MESSAGE_MAX ? text : text.substring(0, MESSAGE_MAX) + " …";
  }

  /** ISO 8601 with the offset, to the millisecond. */
  public static String timestamp(OffsetDateTime time) {
    return time.truncatedTo(ChronoUnit.MILLIS).format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
  }

  private static double seconds(OffsetDateTime from, OffsetDateTime to) {
    return seconds(Duration.between(from, to));
  }

  /** Seconds with three decimals. */
  public static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  private static byte[] bytes(Map<String, Object> json) {
    try {
      return (JSON.writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a report holds what is no JSON", e);
    }
  }
}
