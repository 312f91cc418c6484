package io.hyper2kvm.daemon.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.view.Ended;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThroughputRingTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:02:00Z");

  private static long at(List<ThroughputRing.Point> points, String time) {
    return points.stream()
        .filter(point -> point.at().equals(Instant.parse(time)))
        .findFirst()
        .orElseThrow()
        .bytesPerSecond();
  }

  @Test
  void dayHasAllItsSteps() {
    List<ThroughputRing.Point> points = new ThroughputRing(NOW).points(NOW, List.of());

    assertThat(points).hasSize(288);
    assertThat(points.get(287).at()).isEqualTo(Instant.parse("2026-11-24T12:00:00Z"));
    assertThat(points).allMatch(point -> point.bytesPerSecond() == 0);
  }

  @Test
  void stepIsTheMeanOfItsSamples() {
    ThroughputRing ring = new ThroughputRing(NOW.minus(Duration.ofHours(1)));
    ring.sample(NOW, 100);
    ring.sample(NOW.plusSeconds(5), 300);

    assertThat(at(ring.points(NOW, List.of()), "2026-11-24T12:00:00Z")).isEqualTo(200);
  }

  @Test
  void samplesOfADayAgoAreGone() {
    ThroughputRing ring = new ThroughputRing(NOW.minus(Duration.ofDays(3)));
    ring.sample(NOW.minus(Duration.ofDays(1)), 500);

    assertThat(ring.points(NOW, List.of())).allMatch(point -> point.bytesPerSecond() == 0);
    ring.sample(NOW, 100);
    assertThat(at(ring.points(NOW, List.of()), "2026-11-24T12:00:00Z")).isEqualTo(100);
  }

  @Test
  void beforeTheStartReportsAreSpreadOverTheirWork() {
    long end = Instant.parse("2026-11-24T11:05:00Z").getEpochSecond();
    List<ThroughputRing.Point> points =
        new ThroughputRing(NOW).points(NOW, List.of(new Ended.VmEnd(end, 600, true, 6_000_000)));

    assertThat(at(points, "2026-11-24T10:50:00Z")).isZero();
    assertThat(at(points, "2026-11-24T10:55:00Z")).isEqualTo(10_000);
    assertThat(at(points, "2026-11-24T11:00:00Z")).isEqualTo(10_000);
    assertThat(at(points, "2026-11-24T11:05:00Z")).isZero();
  }

  @Test
  void vmsCountWhereTheyEnded() {
    long end = NOW.minusSeconds(60).getEpochSecond();
    ThroughputRing.Point last =
        new ThroughputRing(NOW)
            .points(
                NOW,
                List.of(
                    new Ended.VmEnd(end, 5, true, 1),
                    new Ended.VmEnd(end, 5, false, 0),
                    new Ended.VmEnd(end, 5, true, 1)))
            .get(287);

    assertThat(last.completed()).isEqualTo(2);
    assertThat(last.failed()).isEqualTo(1);
  }

  @Test
  void nonsenseOfAReportChangesNothing() {
    List<Ended.VmEnd> ends =
        List.of(
            new Ended.VmEnd(Long.MAX_VALUE / 2, 5, true, 1),
            new Ended.VmEnd(-1, Integer.MAX_VALUE, true, Long.MAX_VALUE),
            new Ended.VmEnd(0, 0, true, 0));

    assertThat(new ThroughputRing(NOW).points(NOW, ends))
        .allMatch(point -> point.bytesPerSecond() == 0 && point.completed() == 0);
  }
}
