package io.hyper2kvm.manifest.schedule;

import java.util.Objects;

/**
 * When the VMs of a manifest may begin, and before which others.
 *
 * @param schedule when they may begin
 * @param priority manifests with a higher one are taken first; from {@link #LOWEST} to {@link
 *     #HIGHEST}
 */
public record Timing(Schedule schedule, int priority) {

  public static final int LOWEST = -1000;
  public static final int HIGHEST = 1000;

  /** That of a manifest that says nothing about it. */
  public static final Timing NONE = new Timing(Schedule.ANY_TIME, 0);

  public Timing {
    Objects.requireNonNull(schedule, "schedule");
    if (priority < LOWEST || priority > HIGHEST) {
      throw new IllegalArgumentException(
          "priority is not within %d and %d: %d".formatted(LOWEST, HIGHEST, priority));
    }
  }

  /** The same without a schedule. */
  public Timing atAnyTime() {
    return new Timing(Schedule.ANY_TIME, priority);
  }
}
