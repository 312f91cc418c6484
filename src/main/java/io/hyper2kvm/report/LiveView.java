package io.hyper2kvm.report;

import java.io.IOException;
import java.io.InputStream;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A live status as read from the file that {@link LiveStatus} writes. The file may be damaged or
 * incomplete: missing values are empty.
 *
 * @param jobId the manifest's name
 * @param originalName the file as it was dropped
 * @param startedAt when the manifest was read
 * @param beginsAt when VMs that are held may begin
 * @param vms its VMs
 */
public record LiveView(
    Optional<String> jobId,
    Optional<String> originalName,
    Optional<OffsetDateTime> startedAt,
    Optional<OffsetDateTime> beginsAt,
    List<Vm> vms) {

  /** Enough for five thousand VMs; in bytes. */
  public static final int MAX_BYTES = 4 << 20;

  /** What a VM waits for that must not begin before its time. */
  public static final String SCHEDULE = "schedule";

  /** What a VM waits for that must not begin before the end of a drain. */
  public static final String DRAIN = "drain";

  private static final Set<String> HOLDS = Set.of(SCHEDULE, DRAIN);

  public LiveView {
    vms = List.copyOf(vms);
  }

  /** Of a manifest of which nothing is known yet. */
  public static LiveView unknown() {
    return new LiveView(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());
  }

  /**
   * One VM.
   *
   * @param name its name
   * @param status {@code waiting}, {@code running}, {@code completed} or {@code failed}
   * @param stage the stage it is in
   * @param waitingFor what it stands still for, such as {@code space}
   * @param endsAt when it is expected to end
   * @param expectedFrom how many earlier VMs that is from; 0: there were too few to tell
   * @param percent how far that stage is
   * @param bytesPerSecond how fast its disk is being copied, in bytes of the disk
   * @param secondsLeft how long the copy of its disks takes at that speed
   * @param startedAt when its first stage began
   * @param stageStartedAt when this stage began
   * @param completedAt when it ended
   * @param code why it failed
   */
  public record Vm(
      String name,
      String status,
      Optional<String> stage,
      Optional<String> waitingFor,
      Optional<OffsetDateTime> endsAt,
      Optional<Integer> expectedFrom,
      Optional<Double> percent,
      Optional<Double> bytesPerSecond,
      Optional<Double> secondsLeft,
      Optional<OffsetDateTime> startedAt,
      Optional<OffsetDateTime> stageStartedAt,
      Optional<OffsetDateTime> completedAt,
      Optional<String> code) {

    /** Whether it has not begun because it must not yet. */
    public boolean held() {
      return status.equals("waiting") && waitingFor.filter(HOLDS::contains).isPresent();
    }

    /** Whether it is at its end. */
    public boolean ended() {
      return status.equals("completed") || status.equals("failed");
    }
  }

  /** Reads a status; of nonsense, what makes sense in it. */
  public static LiveView read(InputStream in) throws IOException {
    JsonValues json = JsonValues.read(in, Set.of());
    return new LiveView(
        json.text("job_id"),
        json.text("original_name"),
        time(json, "started_at"),
        time(json, "begins_at"),
        json.objects("vms").stream().map(LiveView::vm).toList());
  }

  private static Vm vm(JsonValues json) {
    return new Vm(
        json.text("name").orElse("?"),
        json.text("status").orElse("?"),
        json.text("stage"),
        json.text("waiting_for"),
        time(json.object("estimate"), "ends_at"),
        json.object("estimate").number("vms").map(Double::intValue),
        json.number("percent"),
        json.number("bytes_per_second"),
        json.number("seconds_left"),
        time(json, "started_at"),
        time(json, "stage_started_at"),
        time(json, "completed_at"),
        json.text("code"));
  }

  static Optional<OffsetDateTime> time(JsonValues json, String key) {
    try {
      return json.text(key).map(OffsetDateTime::parse);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
