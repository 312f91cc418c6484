package io.hyper2kvm.manifest.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a schedule lets VMs begin. */
class ScheduleTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static Schedule daily(String opens, String closes, ZoneId zone) {
    return Schedule.each(
        new DailyWindow(LocalTime.parse(opens), LocalTime.parse(closes), Optional.of(zone)));
  }

  /** The kind, and the time of the next change. */
  private static String state(Schedule schedule, String now) {
    ScheduleState state = schedule.at(Instant.parse(now), ZoneOffset.UTC);
    return state.kind() + state.change().map(at -> " " + at).orElse("");
  }

  @ParameterizedTest
  @CsvSource({
    // Winter: UTC+1.
    "22:00, 06:00, 2026-01-10T20:59:59Z, CLOSED 2026-01-10T21:00:00Z",
    "22:00, 06:00, 2026-01-10T21:00:00Z, OPEN 2026-01-11T05:00:00Z",
    "22:00, 06:00, 2026-01-10T23:30:00Z, OPEN 2026-01-11T05:00:00Z",
    "22:00, 06:00, 2026-01-11T04:59:59Z, OPEN 2026-01-11T05:00:00Z",
    "22:00, 06:00, 2026-01-11T05:00:00Z, CLOSED 2026-01-11T21:00:00Z",
    "22:00, 00:00, 2026-01-10T22:59:59Z, OPEN 2026-01-10T23:00:00Z",
    "00:00, 06:00, 2026-01-10T23:00:00Z, OPEN 2026-01-11T05:00:00Z",
    "09:30, 17:00, 2026-01-10T08:00:00Z, CLOSED 2026-01-10T08:30:00Z",
    "09:30, 17:00, 2026-01-10T16:00:00Z, CLOSED 2026-01-11T08:30:00Z",
    "22:00, 21:59, 2026-01-10T20:59:30Z, CLOSED 2026-01-10T21:00:00Z",
    // 29 March 2026, 02:00 becomes 03:00: the night has seven hours.
    "22:00, 06:00, 2026-03-28T21:00:00Z, OPEN 2026-03-29T04:00:00Z",
    "02:15, 02:45, 2026-03-29T00:30:00Z, CLOSED 2026-03-30T00:15:00Z",
    "02:15, 03:30, 2026-03-29T00:30:00Z, CLOSED 2026-03-29T01:00:00Z",
    "02:15, 03:30, 2026-03-29T01:00:00Z, OPEN 2026-03-29T01:30:00Z",
    // 25 October 2026, 03:00 becomes 02:00: the night has nine hours.
    "22:00, 06:00, 2026-10-24T20:00:00Z, OPEN 2026-10-25T05:00:00Z",
    "02:15, 02:45, 2026-10-25T00:20:00Z, OPEN 2026-10-25T00:45:00Z",
    "02:15, 02:45, 2026-10-25T01:20:00Z, CLOSED 2026-10-26T01:15:00Z",
    "22:00, 02:30, 2026-10-25T01:10:00Z, CLOSED 2026-10-25T21:00:00Z"
  })
  void windowOfEachDayInBerlin(String opens, String closes, String now, String expected) {
    assertThat(state(daily(opens, closes, BERLIN), now)).isEqualTo(expected);
  }

  @Test
  void windowWithoutZoneIsInTheDaemons() {
    Schedule night =
        Schedule.each(new DailyWindow(LocalTime.of(22, 0), LocalTime.of(6, 0), Optional.empty()));
    Instant now = Instant.parse("2026-01-10T21:30:00Z");

    assertThat(night.at(now, ZoneOffset.UTC).isClosed()).isTrue();
    assertThat(night.at(now, BERLIN).isClosed()).isFalse();
  }

  @Test
  void dayThatAZoneSkippedHasNoWindow() {
    // Samoa had no 30 December 2011.
    assertThat(state(daily("12:00", "13:00", ZoneId.of("Pacific/Apia")), "2011-12-29T23:30:00Z"))
        .isEqualTo("CLOSED 2011-12-30T22:00:00Z");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "2026-01-10T22:00+01:00, -, 2026-01-10T20:59:59Z, CLOSED 2026-01-10T21:00:00Z",
        "2026-01-10T22:00+01:00, -, 2026-01-10T21:00:00Z, OPEN",
        "-, 2026-01-10T22:00+01:00, 2026-01-10T20:59:59Z, OPEN 2026-01-10T21:00:00Z",
        "-, 2026-01-10T22:00+01:00, 2026-01-10T21:00:00Z, PASSED",
        "2026-01-10T22:00Z, 2026-01-12T06:00Z, 2026-01-09T00:00:00Z, CLOSED 2026-01-10T22:00:00Z",
        "2026-01-10T22:00Z, 2026-01-12T06:00Z, 2026-01-11T12:00:00Z, OPEN 2026-01-12T06:00:00Z",
        "2026-01-10T22:00Z, 2026-01-12T06:00Z, 2027-01-01T00:00:00Z, PASSED",
        "-, -, 2026-01-10T20:59:59Z, OPEN"
      })
  void moments(String from, String until, String now, String expected) {
    Schedule schedule =
        new Schedule(
            Optional.ofNullable(from).map(OffsetDateTime::parse),
            Optional.ofNullable(until).map(OffsetDateTime::parse),
            Optional.empty());

    assertThat(state(schedule, now)).isEqualTo(expected);
  }
}
