package io.hyper2kvm.manifest.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.LongRange;

/** Windows of each day, in every zone and at every moment, also when clocks are changed. */
@Tag("property")
class DailyWindowPropertyTest {

  /** 1970-01-03 and 2099-01-01, in seconds since 1970. */
  private static final long FIRST = 172_800L;

  private static final long LAST = 4_070_908_800L;

  @Provide
  Arbitrary<DailyWindow> windows() {
    Arbitrary<LocalTime> times =
        Arbitraries.integers().between(0, 24 * 60 - 1).map(i -> LocalTime.MIN.plusMinutes(i));
    Arbitrary<ZoneId> zones =
        Arbitraries.of(ZoneId.getAvailableZoneIds().stream().sorted().toList()).map(ZoneId::of);
    return Combinators.combine(times, times, zones)
        .filter((opens, closes, zone) -> !opens.equals(closes))
        .as((opens, closes, zone) -> new DailyWindow(opens, closes, Optional.of(zone)));
  }

  private static ScheduleState at(DailyWindow window, Instant now) {
    return window.at(now, ZoneId.of("UTC"));
  }

  @Property
  void nextChangeIsLaterAndChangesTheState(
      @ForAll("windows") DailyWindow window,
      @ForAll @LongRange(min = FIRST, max = LAST) long second) {
    Instant now = Instant.ofEpochSecond(second);
    ScheduleState state = at(window, now);
    Instant change = state.change().orElseThrow();

    assertThat(change).isAfter(now);
    assertThat(Duration.between(now, change)).isLessThan(Duration.ofDays(4));
    assertThat(at(window, change.minusNanos(1)).kind()).isEqualTo(state.kind());
    if (state.isClosed()) {
      assertThat(at(window, change).isClosed()).isFalse();
    }
  }

  @Property
  void stateIsTheSameUntilTheChange(
      @ForAll("windows") DailyWindow window,
      @ForAll @LongRange(min = FIRST, max = LAST) long second,
      @ForAll @LongRange(min = 0, max = 999) long part) {
    Instant now = Instant.ofEpochSecond(second);
    ScheduleState state = at(window, now);
    Duration rest = Duration.between(now, state.change().orElseThrow());
    Instant between = now.plusMillis(rest.toMillis() * part / 1000);

    assertThat(at(window, between)).isEqualTo(state);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(100),
        Arbitraries.strings().withChars("0123456789:-+TtZz. ").ofMaxLength(40),
        Arbitraries.strings()
            .withChars("0123456789")
            .ofLength(18)
            .map(
                digits ->
                    "%s-%s-%sT%s:%s:%s+%s:%s"
                        .formatted(
                            digits.substring(0, 4),
                            digits.substring(4, 6),
                            digits.substring(6, 8),
                            digits.substring(8, 10),
                            digits.substring(10, 12),
                            digits.substring(12, 14),
                            digits.substring(14, 16),
                            digits.substring(16, 18))));
  }

  @Property
  void anyTextIsATimeOrSaysWhatATimeMustBe(@ForAll("texts") String text) {
    try {
      TimeText time = TimeText.parse(text);

      assertThat(time.ofDay().isPresent()).isNotEqualTo(time.moment().isPresent());
      time.moment().ifPresent(moment -> assertThat(moment.toInstant()).isNotNull());
    } catch (TimeText.MalformedException e) {
      assertThat(e.getMessage()).startsWith("must ");
    }
  }

  @Property
  void openWindowHoldsTheLocalTimesBetweenItsEnds(
      @ForAll("windows") DailyWindow window,
      @ForAll @LongRange(min = FIRST, max = LAST) long second) {
    Instant now = Instant.ofEpochSecond(second);
    ZoneId zone = window.zone().orElseThrow();
    LocalTime local = now.atZone(zone).toLocalTime();
    boolean within =
        window.closes().isAfter(window.opens())
            ? !local.isBefore(window.opens()) && local.isBefore(window.closes())
            : !local.isBefore(window.opens()) || local.isBefore(window.closes());
    // Within two days of a change of the clocks a time may come twice, or not at all.
    boolean steady =
        zone.getRules()
                .getOffset(now.minus(Duration.ofDays(2)))
                .equals(zone.getRules().getOffset(now.plus(Duration.ofDays(2))))
            && zone.getRules()
                .getOffset(now)
                .equals(zone.getRules().getOffset(now.minus(Duration.ofDays(2))));

    if (steady) {
      assertThat(!at(window, now).isClosed()).isEqualTo(within);
    }
  }
}
