package io.hyper2kvm.failure;

import java.util.Map;
import java.util.Objects;

/** A stage could not do what was asked for. Which VM and which stage, its job knows. */
public final class StageFailedException extends RuntimeException {

  private final FailureCode code;
  private final transient Map<String, Object> details;

  private StageFailedException(
      FailureCode code, String message, Map<String, Object> details, Throwable cause) {
    super(message, cause);
    this.code = Objects.requireNonNull(code, "code");
    this.details = details;
  }

  /** The stage judged so itself. */
  public static StageFailedException because(FailureCode code, String message) {
    return new StageFailedException(code, message, Map.of(), null);
  }

  /** Something below the stage failed. */
  public static StageFailedException causedBy(FailureCode code, String message, Throwable cause) {
    return new StageFailedException(code, message, Map.of(), cause);
  }

  /**
   * The stage judged so itself and shows what it found.
   *
   * @param details the stage's own keys in the report
   */
  public static StageFailedException withEvidence(
      FailureCode code, String message, Map<String, Object> details) {
    return new StageFailedException(code, message, details, null);
  }

  /** The stage's own keys in the report. */
  public Map<String, Object> details() {
    return details;
  }

  /** The stable code. */
  public FailureCode code() {
    return code;
  }
}
