package io.hyper2kvm.report;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The end of one stage of one VM.
 *
 * @param status its end
 * @param startedAt when it began; empty when it did not
 * @param duration how long it took; zero when it did not begin
 * @param details the stage's own keys in the report, JSON-ready (maps, lists, strings, numbers)
 */
public record StageReport(
    StageStatus status,
    Optional<OffsetDateTime> startedAt,
    Duration duration,
    Map<String, Object> details) {

  public StageReport {
    details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
  }

  /** A stage that did not begin. */
  public static StageReport without(StageStatus status, Map<String, Object> details) {
    return new StageReport(status, Optional.empty(), Duration.ZERO, details);
  }
}
