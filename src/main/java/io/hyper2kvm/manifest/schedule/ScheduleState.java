package io.hyper2kvm.manifest.schedule;

import java.time.Instant;
import java.util.Optional;

/**
 * What a schedule says at a moment.
 *
 * @param kind whether VMs may begin
 * @param change when that ends: the window closes, or opens; empty where it stays so
 */
public record ScheduleState(Kind kind, Optional<Instant> change) {

  /** Whether VMs may begin. */
  public enum Kind {
    /** They may. */
    OPEN,
    /** Not yet, or not at this time of the day. */
    CLOSED,
    /** Never again. */
    PASSED
  }

  static final ScheduleState ALWAYS = new ScheduleState(Kind.OPEN, Optional.empty());
  static final ScheduleState PASSED = new ScheduleState(Kind.PASSED, Optional.empty());

  static ScheduleState openUntil(Instant closes) {
    return new ScheduleState(Kind.OPEN, Optional.of(closes));
  }

  static ScheduleState closedUntil(Instant opens) {
    return new ScheduleState(Kind.CLOSED, Optional.of(opens));
  }

  public boolean isClosed() {
    return kind == Kind.CLOSED;
  }

  public boolean isPassed() {
    return kind == Kind.PASSED;
  }
}
