package io.hyper2kvm.stage;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.report.StageReport;
import io.hyper2kvm.report.StageStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The stages of one VM: the one it is in, how long, and how the others ended. Which one it is may
 * be asked by any thread.
 */
final class JobStages {

  private final Clock clock;
  private final Map<StageName, StageReport> reports = new EnumMap<>(StageName.class);
  private volatile StageName stage;
  private OffsetDateTime startedAt;
  private long startedNanos;

  JobStages(Clock clock) {
    this.clock = clock;
  }

  /** The stage the VM is in; empty before the first. */
  Optional<StageName> current() {
    return Optional.ofNullable(stage);
  }

  void enter(StageName next) {
    stage = next;
    startedAt = OffsetDateTime.now(clock);
    startedNanos = System.nanoTime();
  }

  /**
   * What is left of the stage's time, by a clock that nobody sets.
   *
   * @param limit the stage's whole time
   * @throws StageFailedException when nothing is left
   */
  Duration left(Duration limit) {
    if (stage == null) {
      return limit;
    }
    Duration left = limit.minusNanos(System.nanoTime() - startedNanos);
    if (left.toMillis() <= 0) {
      throw StageFailedException.because(
          FailureCode.TOOL_TIMED_OUT,
          "stage %s has used up its %d s before all its tools have run"
              .formatted(stage.text(), limit.toSeconds()));
    }
    return left;
  }

  /** The stage came to its end. */
  void finish(StageStatus end, Map<String, Object> details) {
    Duration took = Duration.between(startedAt, OffsetDateTime.now(clock));
    reports.put(stage, new StageReport(end, Optional.of(startedAt), took, details));
  }

  /**
   * The stage failed, if there is one. What goes wrong after its end, such as the publication, must
   * not lose its evidence.
   *
   * @param reason what is added to the details
   */
  void fail(Map<String, Object> reason) {
    if (stage != null) {
      Map<String, Object> details = new LinkedHashMap<>();
      Optional.ofNullable(reports.get(stage)).ifPresent(r -> details.putAll(r.details()));
      details.putAll(reason);
      finish(StageStatus.FAILED, details);
    }
  }

  /**
   * Every stage, also those that did not begin.
   *
   * @param failed whether the VM failed
   * @param requested whether a stage was asked for
   */
  Map<StageName, StageReport> all(boolean failed, Predicate<StageName> requested) {
    Map<StageName, StageReport> all = new EnumMap<>(StageName.class);
    boolean broken = failed && stage == null;
    for (StageName name : StageName.values()) {
      StageReport report = reports.get(name);
      if (report == null) {
        StageStatus end =
            broken && requested.test(name) ? StageStatus.NOT_RUN : StageStatus.SKIPPED;
        report = StageReport.without(end, Map.of());
      }
      broken |= report.status() == StageStatus.FAILED;
      all.put(name, report);
    }
    return all;
  }
}
