package io.hyper2kvm.stage;

import io.hyper2kvm.report.FailureCode;
import java.util.Objects;

/** A stage could not do what was asked for. Which VM and which stage, its job knows. */
public final class StageFailedException extends RuntimeException {

  private final FailureCode code;

  private StageFailedException(FailureCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = Objects.requireNonNull(code, "code");
  }

  /** The stage judged so itself. */
  public static StageFailedException because(FailureCode code, String message) {
    return new StageFailedException(code, message, null);
  }

  /** Something below the stage failed. */
  public static StageFailedException causedBy(FailureCode code, String message, Throwable cause) {
    return new StageFailedException(code, message, cause);
  }

  /** The stable code. */
  public FailureCode code() {
    return code;
  }
}
