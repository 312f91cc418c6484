package io.hyper2kvm.manifest.schedule;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * When the VMs of a manifest may begin: from one moment on, until one, or in a window of each day.
 * What was begun runs to its end.
 *
 * @param notBefore no VM begins before this
 * @param notAfter no VM begins at this moment or later; after {@code notBefore}
 * @param daily no VM begins outside of this; without the other two
 */
public record Schedule(
    Optional<OffsetDateTime> notBefore,
    Optional<OffsetDateTime> notAfter,
    Optional<DailyWindow> daily) {

  /** They may begin at any time. */
  public static final Schedule ANY_TIME =
      new Schedule(Optional.empty(), Optional.empty(), Optional.empty());

  public Schedule {
    if (daily.isPresent() && (notBefore.isPresent() || notAfter.isPresent())) {
      throw new IllegalArgumentException("a daily window and a moment");
    }
    if (notBefore.isPresent()
        && notAfter.isPresent()
        && !notBefore.get().toInstant().isBefore(notAfter.get().toInstant())) {
      throw new IllegalArgumentException("notAfter is not after notBefore: " + notAfter.get());
    }
  }

  /** A window of each day. */
  public static Schedule each(DailyWindow window) {
    return new Schedule(Optional.empty(), Optional.empty(), Optional.of(window));
  }

  public boolean isAnyTime() {
    return notBefore.isEmpty() && notAfter.isEmpty() && daily.isEmpty();
  }

  /**
   * What it says at a moment.
   *
   * @param daemon the time zone of a daily window without one
   */
  public ScheduleState at(Instant now, ZoneId daemon) {
    if (daily.isPresent()) {
      return daily.get().at(now, daemon);
    }
    if (notAfter.isPresent() && !now.isBefore(notAfter.get().toInstant())) {
      return ScheduleState.PASSED;
    }
    if (notBefore.isPresent() && now.isBefore(notBefore.get().toInstant())) {
      return ScheduleState.closedUntil(notBefore.get().toInstant());
    }
    return notAfter.isPresent()
        ? ScheduleState.openUntil(notAfter.get().toInstant())
        : ScheduleState.ALWAYS;
  }

  /** For a reader, such as {@code from 2026-11-28T22:00+01:00 on}. */
  public String text() {
    if (daily.isPresent()) {
      return daily.get().text();
    }
    if (notBefore.isPresent() && notAfter.isPresent()) {
      return "from %s until %s".formatted(notBefore.get(), notAfter.get());
    }
    return notBefore
        .map(from -> "from %s on".formatted(from))
        .or(() -> notAfter.map(until -> "until %s".formatted(until)))
        .orElse("at any time");
  }

  /** In a manifest's keys; empty for any time. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    notBefore.ifPresent(from -> json.put("not_before", from.toString()));
    notAfter.ifPresent(until -> json.put("not_after", until.toString()));
    daily.ifPresent(
        window -> {
          json.put("not_before", window.opens().toString());
          json.put("not_after", window.closes().toString());
          window.zone().ifPresent(zone -> json.put("time_zone", zone.getId()));
        });
    return json;
  }
}
