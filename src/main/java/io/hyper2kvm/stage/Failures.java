package io.hyper2kvm.stage;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.NoSpace;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.report.Failure;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.tool.ToolFailedException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Makes the record of a failure from an exception. */
public final class Failures {

  /** With less, in bytes, an image cannot grow any more. */
  private static final long FULL = 1L << 20;

  private static final Set<FailureCode> MAY_HIDE_A_FULL_DISK =
      EnumSet.of(
          FailureCode.TOOL_TIMED_OUT,
          FailureCode.TOOL_EXITED_NONZERO,
          FailureCode.TOOL_ANSWER_UNREADABLE,
          FailureCode.APPLIANCE_FAILED,
          FailureCode.GUEST_NO_SPACE,
          FailureCode.FIX_INITRAMFS_FAILED,
          FailureCode.BOOT_TIMED_OUT,
          FailureCode.BOOT_TEST_FAILED);

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
        return new Failure(
            refused.code(),
            refused.getMessage(),
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
      if (cause instanceof IOException && NoSpace.is(cause)) {
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
          NoSpace.isIn(tool.stderrTail()) ? FailureCode.NO_SPACE : FailureCode.TOOL_EXITED_NONZERO;
    };
  }

  /**
   * The same failure, as that of a full file system if that explains it: QEMU lets a guest stand
   * still when its overlay finds no room, and what follows from that (a time-out, an appliance that
   * does not answer) names no reason.
   *
   * @param workplace where the VM's overlays are
   */
  static Failure seenWith(Failure failure, Path workplace) {
    if (!MAY_HIDE_A_FULL_DISK.contains(failure.code())) {
      return failure;
    }
    long free;
    try {
      if (!Files.isDirectory(workplace)) {
        return failure;
      }
      free = Files.getFileStore(workplace).getUsableSpace();
    } catch (IOException e) {
      return failure;
    }
    if (free >= FULL) {
      return failure;
    }
    return new Failure(
        FailureCode.NO_SPACE,
        "the file system of %s has %d bytes left: %s".formatted(workplace, free, failure.message()),
        failure.vm(),
        failure.stage(),
        failure.command(),
        failure.exitCode(),
        failure.stderrTail(),
        FailureCode.NO_SPACE.hint(),
        failure.exception());
  }

  /** What the report of the stage says of a failure: its evidence, then its reason. */
  static Map<String, Object> json(Failure failure, Throwable thrown) {
    Map<String, Object> json = new LinkedHashMap<>(evidence(thrown));
    json.put("code", failure.code().name());
    json.put("error", failure.message());
    return json;
  }

  private static Map<String, Object> evidence(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof StageFailedException failed) {
        return failed.details();
      }
    }
    return Map.of();
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
