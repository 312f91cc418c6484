package io.hyper2kvm.daemon.exec;

import io.hyper2kvm.report.StageName;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The time limits of the stages, each for all tools of a stage together.
 *
 * @param byStage a limit for each stage
 */
public record StageLimits(Map<StageName, Duration> byStage) {

  public StageLimits {
    byStage = new EnumMap<>(byStage);
    if (byStage.size() != StageName.values().length) {
      throw new IllegalArgumentException("a stage has no limit: " + byStage.keySet());
    }
  }

  /** The limit of the stage that a VM is in; before the first one, that of the first. */
  Duration of(Optional<StageName> stage) {
    return byStage.get(stage.orElse(StageName.LOAD));
  }
}
