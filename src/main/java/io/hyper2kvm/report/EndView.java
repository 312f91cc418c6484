package io.hyper2kvm.report;

import java.io.IOException;
import java.io.InputStream;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A manifest's end as read from a report or an error file that {@link ReportJson} wrote. The file
 * may be damaged or incomplete: missing values are empty.
 *
 * @param jobId the manifest's name
 * @param originalName the file as it was dropped
 * @param startedAt when the manifest was taken
 * @param completedAt when it ended
 * @param failure why it failed; empty of one that completed
 * @param vms its VMs; empty when the manifest could not be read
 */
public record EndView(
    Optional<String> jobId,
    Optional<String> originalName,
    Optional<OffsetDateTime> startedAt,
    Optional<OffsetDateTime> completedAt,
    Optional<Reason> failure,
    List<Vm> vms) {

  /** What became of the space of all disks that were copied in this run. */
  public Optional<Savings> savings() {
    return vms.stream().flatMap(vm -> vm.savings().stream()).reduce(Savings::plus);
  }

  /** What is read of a report at most; in bytes. */
  public static final int MAX_BYTES = 32 << 20;

  /** Holds the keys before the stages, also with the longest error. */
  public static final int HEAD_BYTES = 256 << 10;

  public EndView {
    vms = List.copyOf(vms);
  }

  /**
   * Why something failed.
   *
   * @param code the failure code
   * @param error in words
   * @param hint what to do
   */
  public record Reason(String code, Optional<String> error, Optional<String> hint) {}

  /**
   * One VM.
   *
   * @param name its name
   * @param completed whether it succeeded
   * @param reused whether its outputs are those of an earlier run
   * @param startedAt when its pipeline began; empty of a single VM, whose times are its manifest's
   * @param completedAt when it ended; empty of a single VM
   * @param seconds how long it took
   * @param stages what became of each stage, in order
   * @param stage the stage in which it failed
   * @param failure why it failed
   * @param outputs its images
   * @param warnings what to look at
   */
  public record Vm(
      String name,
      boolean completed,
      boolean reused,
      Optional<OffsetDateTime> startedAt,
      Optional<OffsetDateTime> completedAt,
      Optional<Double> seconds,
      List<Stage> stages,
      Optional<String> stage,
      Optional<Reason> failure,
      List<String> outputs,
      List<String> warnings) {

    /** What became of the space of its disks; empty where they were not copied in this run. */
    public Optional<Savings> savings() {
      return reused
          ? Optional.empty()
          : stages.stream().flatMap(one -> one.savings().stream()).findFirst();
    }

    public Vm {
      stages = List.copyOf(stages);
      outputs = List.copyOf(outputs);
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * One stage of a VM.
   *
   * @param name such as {@code convert}
   * @param status {@code success}, {@code failed}, {@code skipped} or {@code not_run}
   * @param seconds how long it took; empty if it did not begin
   * @param bytes of CONVERT, the size of all outputs together, in bytes
   * @param savings of CONVERT, what became of the space of the disks
   */
  public record Stage(
      String name,
      String status,
      Optional<Double> seconds,
      Optional<Long> bytes,
      Optional<Savings> savings) {}

  private static final Set<String> SKIPPED = Set.of("metadata", "exception", "reused_from", "plan");
  private static final Map<String, Set<String>> KEPT =
      Map.of(
          "stages",
          Stream.concat(
                  Stream.of(StageName.values()).map(StageName::text),
                  Stream.of(
                      "status",
                      "duration_seconds",
                      "size_bytes",
                      "savings",
                      Savings.VIRTUAL_SIZE,
                      Savings.SOURCE_DATA,
                      Savings.TRIMMED,
                      Savings.OUTPUT_SIZE,
                      Savings.OUTPUT_ALLOCATED))
              .collect(Collectors.toUnmodifiableSet()));

  /** Reads a report or error file; of nonsense, what makes sense in it. */
  public static EndView read(InputStream in) throws IOException {
    JsonValues json = JsonValues.read(in, SKIPPED, KEPT);
    List<Vm> vms = new ArrayList<>();
    json.objects("vms").forEach(vm -> vms.add(vm(vm, vm.text("name").orElse("?"))));
    Optional<String> jobId = json.text("job_id").or(() -> json.text("manifest"));
    if (!json.has("vms") && json.has("artifacts")) {
      vms.add(vm(json, json.text("vm").or(() -> jobId).orElse("?")));
    }
    return new EndView(
        jobId,
        json.text("original_name"),
        LiveView.time(json, "started_at"),
        LiveView.time(json, "completed_at").or(() -> LiveView.time(json, "failed_at")),
        reason(json),
        vms);
  }

  private static Vm vm(JsonValues json, String name) {
    JsonValues artifacts = json.object("artifacts");
    List<String> outputs = new ArrayList<>(artifacts.texts("outputs"));
    if (outputs.isEmpty()) {
      artifacts.text("output").ifPresent(outputs::add);
    }
    return new Vm(
        name,
        json.text("status").map("completed"::equals).orElse(false),
        json.text("reused").map("true"::equals).orElse(false),
        LiveView.time(json, "started_at"),
        LiveView.time(json, "completed_at"),
        json.number("duration_seconds"),
        stages(json.object("stages")),
        json.text("stage"),
        reason(json),
        outputs,
        json.texts("warnings"));
  }

  private static List<Stage> stages(JsonValues json) {
    return Stream.of(StageName.values())
        .map(StageName::text)
        .filter(json::has)
        .map(
            name -> {
              JsonValues stage = json.object(name);
              return new Stage(
                  name,
                  stage.text("status").orElse("?"),
                  stage.number("duration_seconds"),
                  bytes(stage, "size_bytes"),
                  Savings.of(key -> bytes(stage.object("savings"), key)));
            })
        .toList();
  }

  private static Optional<Long> bytes(JsonValues json, String key) {
    return json.number(key).map(Double::longValue).filter(size -> size >= 0);
  }

  private static Optional<Reason> reason(JsonValues json) {
    if (!json.has("code") && !json.has("error")) {
      return Optional.empty();
    }
    return Optional.of(
        new Reason(json.text("code").orElse("?"), json.text("error"), json.text("hint")));
  }
}
