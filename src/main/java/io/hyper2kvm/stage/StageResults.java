package io.hyper2kvm.stage;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The results of the finished stages of one VM, one record per stage; immutable. */
public final class StageResults {

  private static final StageResults NONE = new StageResults(Map.of());

  private final Map<Class<? extends StageResult>, StageResult> byType;

  private StageResults(Map<Class<? extends StageResult>, StageResult> byType) {
    this.byType = byType;
  }

  /** Those of a VM before its first stage. */
  public static StageResults none() {
    return NONE;
  }

  /** The same with what another stage found, or with more of what the same stage found. */
  public StageResults with(StageResult result) {
    Map<Class<? extends StageResult>, StageResult> more = new LinkedHashMap<>(byType);
    more.put(result.getClass(), result);
    return new StageResults(more);
  }

  /** What a stage found; empty when it found nothing yet, or was not needed. */
  public <T extends StageResult> Optional<T> find(Class<T> type) {
    return Optional.ofNullable(byType.get(type)).map(type::cast);
  }

  /**
   * What a stage found that must have run.
   *
   * @throws IllegalStateException when it found nothing yet
   */
  public <T extends StageResult> T get(Class<T> type) {
    return find(type)
        .orElseThrow(() -> new IllegalStateException("there is no " + type.getSimpleName()));
  }
}
