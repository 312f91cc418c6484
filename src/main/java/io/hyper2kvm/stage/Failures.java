package io.hyper2kvm.stage;

import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.report.Failure;
import io.hyper2kvm.report.FailureCode;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.tool.ToolFailedException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Optional;
import java.util.OptionalInt;

/** Makes the record of a failure from whatever was thrown. */
public final class Failures {

  private Failures() {}

  /**
   * The failure of a VM.
   *
   * @param vm the VM's name
   * @param stage the stage it was in; empty before the first
   * @param thrown what ended it; a wrapper's cause counts when the wrapper says nothing
   */
  public static Failure of(String vm, Optional<StageName> stage, Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof StageFailedException failed) {
        return record(vm, stage, failed.code(), failed.getMessage(), thrown, toolBelow(failed));
      }
      if (cause instanceof ImageRefusedException refused) {
        FailureCode code = FailureCode.valueOf(refused.code().name());
        String message = refused.getMessage();
        return new Failure(
            code,
            message,
            Optional.of(vm),
            stage,
            Optional.empty(),
            OptionalInt.empty(),
            "",
            refused.hint(),
            Failure.describe(thrown));
      }
      if (cause instanceof ToolFailedException tool) {
        return record(vm, stage, codeOf(tool), tool.getMessage(), thrown, Optional.of(tool));
      }
      if (cause instanceof IOException && isNoSpace(cause)) {
        String message =
            cause instanceof FileSystemException file
                ? "no space is left for " + file.getFile()
                : "no space is left: " + cause.getMessage();
        return record(vm, stage, FailureCode.NO_SPACE, message, thrown, Optional.empty());
      }
    }
    String message = thrown.getClass().getSimpleName() + ": " + thrown.getMessage();
    return record(vm, stage, FailureCode.INTERNAL_ERROR, message, thrown, Optional.empty());
  }

  private static Optional<ToolFailedException> toolBelow(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ToolFailedException tool) {
        return Optional.of(tool);
      }
    }
    return Optional.empty();
  }

  private static FailureCode codeOf(ToolFailedException tool) {
    return switch (tool.reason()) {
      case NOT_STARTED -> FailureCode.TOOL_NOT_FOUND;
      case TIMED_OUT -> FailureCode.TOOL_TIMED_OUT;
      case PRINTED_TOO_MUCH -> FailureCode.TOOL_ANSWER_UNREADABLE;
      case INTERRUPTED -> FailureCode.CANCELLED;
      case EXITED_NONZERO ->
          isNoSpace(tool.stderrTail()) ? FailureCode.NO_SPACE : FailureCode.TOOL_EXITED_NONZERO;
    };
  }

  static boolean isNoSpace(Throwable failure) {
    return isNoSpace(String.valueOf(failure.getMessage()));
  }

  private static boolean isNoSpace(String message) {
    return message.contains("No space left on device") || message.contains("Disk quota exceeded");
  }

  private static Failure record(
      String vm,
      Optional<StageName> stage,
      FailureCode code,
      String message,
      Throwable thrown,
      Optional<ToolFailedException> tool) {
    return new Failure(
        code,
        message,
        Optional.of(vm),
        stage,
        tool.map(t -> t.command().display()),
        tool.map(ToolFailedException::exitCode).orElse(OptionalInt.empty()),
        tool.map(ToolFailedException::stderrTail).orElse(""),
        code.hint(),
        Failure.describe(thrown));
  }
}
