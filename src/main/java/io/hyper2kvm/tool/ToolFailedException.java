package io.hyper2kvm.tool;

import java.io.IOException;
import java.time.Duration;
import java.util.OptionalInt;

/** A program could not be run to a useful end; carries what an operator needs to repeat it. */
public final class ToolFailedException extends IOException {

  /** Why the program's run is of no use. */
  public enum Reason {
    /** It is not installed, or may not be executed. */
    NOT_STARTED,
    /** It ended with an exit code that means failure. */
    EXITED_NONZERO,
    /** It was ended because its time was up. */
    TIMED_OUT,
    /** It was ended because it printed more than is read. */
    PRINTED_TOO_MUCH,
    /** It was ended because this program is stopping or the job was cancelled. */
    INTERRUPTED
  }

  private final transient ToolCommand command;
  private final Reason reason;
  private final Integer exitCode;
  private final String stderrTail;

  private ToolFailedException(
      ToolCommand command,
      Reason reason,
      String message,
      Integer exitCode,
      String stderrTail,
      Throwable cause) {
    super(message, cause);
    this.command = command;
    this.reason = reason;
    this.exitCode = exitCode;
    this.stderrTail = stderrTail;
  }

  static ToolFailedException notStarted(ToolCommand command, IOException cause) {
    return new ToolFailedException(
        command,
        Reason.NOT_STARTED,
        "%s could not be started: %s".formatted(command.executable(), cause.getMessage()),
        null,
        "",
        cause);
  }

  /** The program ended with a failure's exit code; only its last lines are quoted. */
  public static ToolFailedException exited(ToolCommand command, ToolResult result) {
    return new ToolFailedException(
        command,
        Reason.EXITED_NONZERO,
        "%s exited with %d: %s"
            .formatted(command.executable(), result.exitCode(), lastLine(result.stderrTail())),
        result.exitCode(),
        result.stderrTail(),
        null);
  }

  static ToolFailedException timedOut(ToolCommand command, Duration after, String stderrTail) {
    return new ToolFailedException(
        command,
        Reason.TIMED_OUT,
        "%s did not end within %d s and was ended"
            .formatted(command.executable(), after.toSeconds()),
        null,
        stderrTail,
        null);
  }

  static ToolFailedException printedTooMuch(ToolCommand command, String stderrTail) {
    return new ToolFailedException(
        command,
        Reason.PRINTED_TOO_MUCH,
        "%s printed more than %d bytes and was ended"
            .formatted(command.executable(), command.maxStdoutBytes()),
        null,
        stderrTail,
        null);
  }

  static ToolFailedException interrupted(ToolCommand command, InterruptedException cause) {
    return new ToolFailedException(
        command,
        Reason.INTERRUPTED,
        "%s was ended because the job was stopped".formatted(command.executable()),
        null,
        "",
        cause);
  }

  private static String lastLine(String text) {
    String stripped = text.strip();
    String last = stripped.substring(stripped.lastIndexOf('\n') + 1).strip();
    return last.isEmpty() ? "it printed no reason" : last;
  }

  /** The command that was run. */
  public ToolCommand command() {
    return command;
  }

  /** Why the run is of no use. */
  public Reason reason() {
    return reason;
  }

  /** The exit code, when the program ended by itself. */
  public OptionalInt exitCode() {
    return exitCode == null ? OptionalInt.empty() : OptionalInt.of(exitCode);
  }

  /** The end of what the program wrote to standard error. */
  public String stderrTail() {
    return stderrTail;
  }
}
