package io.hyper2kvm.report;

import io.hyper2kvm.failure.FailureCode;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The failure of a VM or a whole manifest, with all that an operator needs to act on it.
 *
 * @param code the stable code
 * @param message who, where, what, and what the tool answered
 * @param vm the VM's name; empty when the manifest itself is at fault
 * @param stage the stage; empty outside of one
 * @param command the tool's command as run
 * @param exitCode the tool's exit code, when it ended by itself
 * @param stderrTail the end of what the tool wrote to standard error
 * @param hint what to do next
 * @param exception the exception's class and message, with its causes
 */
public record Failure(
    FailureCode code,
    String message,
    Optional<String> vm,
    Optional<StageName> stage,
    Optional<String> command,
    OptionalInt exitCode,
    String stderrTail,
    String hint,
    String exception) {

  public Failure {
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(message, "message");
  }

  /** A failure outside of a VM, a stage and a tool, with the code's hint. */
  public static Failure of(FailureCode code, String message) {
    return of(code, message, "");
  }

  /**
   * The same of an exception.
   *
   * @param exception what {@link #describe} says of it
   */
  public static Failure of(FailureCode code, String message, String exception) {
    return new Failure(
        code,
        message,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        "",
        code.hint(),
        exception);
  }

  /** The exception's class and message and those of its causes, one per line, at most ten. */
  public static String describe(Throwable failure) {
    StringBuilder text = new StringBuilder();
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < 10; depth++, cause = cause.getCause()) {
      text.append(depth == 0 ? "" : "\ncaused by ").append(cause);
      StackTraceElement[] frames = cause.getStackTrace();
      for (int i = 0; i < Math.min(frames.length, 4); i++) {
        text.append("\n  at ").append(frames[i]);
      }
    }
    return text.toString();
  }
}
