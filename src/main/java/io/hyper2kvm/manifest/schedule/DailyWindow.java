package io.hyper2kvm.manifest.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Optional;

/**
 * A time of each day. The window that opens on a day closes when its end comes next, on that day or
 * on the following one. Each day has one window, also where clocks are changed: a time that is
 * skipped is the moment of the change, and of a time that comes twice the first one counts.
 *
 * @param opens when it opens
 * @param closes when it closes; not the same time
 * @param zone whose times of day these are; empty: the daemon's
 */
public record DailyWindow(LocalTime opens, LocalTime closes, Optional<ZoneId> zone) {

  /** A day without a window, as all of it was skipped, does not come often. */
  private static final int MOST_DAYS = 10;

  public DailyWindow {
    if (opens.equals(closes)) {
      throw new IllegalArgumentException("the window has no length: " + opens);
    }
  }

  /**
   * Whether it is open, and until when.
   *
   * @param daemon the zone of a window without one
   */
  ScheduleState at(Instant now, ZoneId daemon) {
    ZoneId place = zone.orElse(daemon);
    // The window of yesterday may be open past midnight. A change of the clocks may make a day's
    // window begin a day later than its date says.
    LocalDate first = now.atZone(place).toLocalDate().minusDays(2);
    for (int day = 0; day < MOST_DAYS; day++) {
      LocalDate date = first.plusDays(day);
      Instant from = instant(date.atTime(opens), place);
      Instant until = instant(closing(date), place);
      if (from.isBefore(until) && now.isBefore(until)) {
        return now.isBefore(from)
            ? ScheduleState.closedUntil(from)
            : ScheduleState.openUntil(until);
      }
    }
    throw new IllegalStateException("no day with a window: " + this + " in " + place);
  }

  private LocalDateTime closing(LocalDate opened) {
    return (closes.isAfter(opens) ? opened : opened.plusDays(1)).atTime(closes);
  }

  /** Later local times are never earlier moments. */
  private static Instant instant(LocalDateTime local, ZoneId zone) {
    ZoneRules rules = zone.getRules();
    ZoneOffsetTransition change = rules.getTransition(local);
    if (change != null && change.isGap()) {
      return change.getInstant();
    }
    List<ZoneOffset> offsets = rules.getValidOffsets(local);
    return local.toInstant(offsets.get(0));
  }

  /** For a reader: {@code each day from 22:00 to 06:00 (Europe/Berlin)}. */
  String text() {
    String place = zone.map(id -> " (%s)".formatted(id.getId())).orElse("");
    return "each day from %s to %s%s".formatted(opens, closes, place);
  }
}
