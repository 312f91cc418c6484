package io.hyper2kvm.daemon.completion;

import io.hyper2kvm.workflow.DayFolders;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** The Java side of route retention: removes the manifests that are older than is wanted. */
public final class RetentionSweep {

  private final WorkflowDirectories directories;
  private final Optional<Duration> retainProcessed;
  private final Optional<Duration> retainFailed;
  private final Clock clock;

  /**
   * A sweep of the given directories.
   *
   * @param retainProcessed how long what succeeded is kept; empty: for ever
   * @param retainFailed how long what failed is kept; empty: for ever
   */
  public RetentionSweep(
      WorkflowDirectories directories,
      Optional<Duration> retainProcessed,
      Optional<Duration> retainFailed,
      Clock clock) {
    this.directories = directories;
    this.retainProcessed = retainProcessed;
    this.retainFailed = retainFailed;
    this.clock = clock;
  }

  /** Removes what is too old; without a limit, nothing. */
  public void sweep() throws IOException {
    if (retainProcessed.isPresent()) {
      new DayFolders(directories.processed(), clock).removeOlderThan(retainProcessed.get());
    }
    if (retainFailed.isPresent()) {
      new DayFolders(directories.failed(), clock).removeOlderThan(retainFailed.get());
    }
  }
}
