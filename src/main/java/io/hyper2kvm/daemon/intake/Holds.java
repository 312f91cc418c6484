package io.hyper2kvm.daemon.intake;

import io.hyper2kvm.manifest.schedule.Schedule;
import io.hyper2kvm.manifest.schedule.ScheduleState;
import java.time.Clock;
import java.util.Optional;

/**
 * Says whether VMs may begin now. It asks the clock each time and sets no alarm, so a clock that is
 * set changes nothing but the answer.
 */
public final class Holds {

  private final Drain drain;
  private final boolean scheduled;
  private final Clock clock;
  private volatile boolean stopping;

  /**
   * The holds of a daemon.
   *
   * @param scheduled whether schedules count; they do not where somebody runs one manifest now
   */
  public Holds(Drain drain, boolean scheduled, Clock clock) {
    this.drain = drain;
    this.scheduled = scheduled;
    this.clock = clock;
  }

  /** The daemon is being stopped: nothing is held any more, and what has not begun goes back. */
  void stop() {
    stopping = true;
  }

  /** Whether the daemon is being stopped. */
  boolean isStopping() {
    return stopping;
  }

  /** Whether the daemon takes manifests. */
  boolean takesManifests() {
    return !stopping && !drain.isOn();
  }

  /** Why no further VM of the manifest begins now; empty if one may, or is to fail at once. */
  public Optional<Hold> of(Optional<ManifestRun> run) {
    if (stopping || run.filter(Holds::isGivenUp).isPresent()) {
      return Optional.empty();
    }
    if (drain.isOn()) {
      return Optional.of(Hold.BY_DRAIN);
    }
    return run.map(ManifestRun::schedule).flatMap(this::hold);
  }

  private static boolean isGivenUp(ManifestRun run) {
    return run.cancelled() || run.stopped();
  }

  /** Why no VM of a manifest with this schedule begins now. */
  private Optional<Hold> hold(Schedule schedule) {
    ScheduleState state = state(schedule);
    return state.isClosed()
        ? Optional.of(new Hold(Hold.SCHEDULE, state.change()))
        : Optional.empty();
  }

  /** Whether the manifest's time is over: no VM of it may begin any more. */
  public boolean hasPassed(ManifestRun run) {
    return state(run.schedule()).isPassed();
  }

  private ScheduleState state(Schedule schedule) {
    return (scheduled ? schedule : Schedule.ANY_TIME).at(clock.instant(), clock.getZone());
  }

  /** Whether a manifest with this schedule may be taken: its VMs may begin, or fail at once. */
  boolean mayBeTaken(Schedule schedule) {
    return schedule.isAnyTime() || hold(schedule).isEmpty();
  }
}
