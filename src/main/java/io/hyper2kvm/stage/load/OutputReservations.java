package io.hyper2kvm.stage.load;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.stage.VmJob;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Prevents two VMs, of any manifests, from writing one output at the same time. */
public final class OutputReservations {

  private final Map<Path, String> ownerByOutput = new HashMap<>();

  /**
   * Reserves an output for a job until it is released.
   *
   * @throws StageFailedException when another VM has it
   */
  public synchronized void reserve(Path output, VmJob job) {
    String owner = ownerByOutput.putIfAbsent(output, describe(job));
    if (owner != null) {
      throw StageFailedException.because(
          FailureCode.OUTPUT_IN_USE, "%s is being written for %s".formatted(output, owner));
    }
  }

  /** Gives back all that the job has reserved. */
  public synchronized void release(VmJob job) {
    // By identity of the directory, which no two jobs share.
    ownerByOutput.values().removeIf(describe(job)::equals);
  }

  private static String describe(VmJob job) {
    return "VM %s of manifest %s (%s)"
        .formatted(job.name(), job.manifestName(), job.directory().getFileName());
  }
}
