package io.hyper2kvm.cli.job;

import io.hyper2kvm.manifest.schedule.ScheduleState;
import io.hyper2kvm.manifest.schedule.Timing;
import io.hyper2kvm.workflow.DaemonRecord;
import io.hyper2kvm.workflow.WaitingTiming;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.nio.file.Path;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a manifest that waits says of its time and its priority. */
public final class WaitWords {

  private final Clock clock;

  public WaitWords(Clock clock) {
    this.clock = clock;
  }

  /** For a reader, such as {@code until 2026-11-28T22:00+01:00 by its schedule}; may be empty. */
  public String of(Path manifest) {
    Timing timing = WaitingTiming.of(manifest);
    String until =
        beginsAt(manifest, timing)
            .map(at -> "until %s by its schedule (%s)".formatted(at, timing.schedule().text()))
            .orElse("");
    String priority = timing.priority() == 0 ? "" : "priority " + timing.priority();
    return until.isEmpty() || priority.isEmpty() ? until + priority : until + ", " + priority;
  }

  /** For a script. */
  public Map<String, Object> json(Path manifest) {
    Timing timing = WaitingTiming.of(manifest);
    Map<String, Object> json = new LinkedHashMap<>();
    if (!timing.schedule().isAnyTime()) {
      json.put("schedule", timing.schedule().json());
      json.put("begins_at", beginsAt(manifest, timing));
    }
    if (timing.priority() != 0) {
      json.put("priority", timing.priority());
    }
    return json;
  }

  /** By the times of day of the daemon that runs there; else by this machine's. */
  private Optional<OffsetDateTime> beginsAt(Path manifest, Timing timing) {
    if (timing.schedule().isAnyTime()) {
      return Optional.empty();
    }
    Path root = manifest.toAbsolutePath().getParent().getParent();
    ZoneId zone =
        DaemonRecord.read(new WorkflowDirectories(root))
            .filter(DaemonRecord::isRunning)
            .map(DaemonRecord::zone)
            .orElse(clock.getZone());
    ScheduleState state = timing.schedule().at(clock.instant(), zone);
    return state.isClosed()
        ? state
            .change()
            .map(at -> at.atZone(zone).toOffsetDateTime().truncatedTo(ChronoUnit.SECONDS))
        : Optional.empty();
  }
}
