package io.hyper2kvm.daemon.completion;

import io.hyper2kvm.config.RetentionConfig;
import io.hyper2kvm.workflow.DayFolders;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.time.Clock;

/** The Java side of route retention: removes the manifests that are too old. */
public final class RetentionSweep {

  private final WorkflowDirectories directories;
  private final RetentionConfig retention;
  private final Clock clock;

  /** A sweep of the given directories. */
  public RetentionSweep(WorkflowDirectories directories, RetentionConfig retention, Clock clock) {
    this.directories = directories;
    this.retention = retention;
    this.clock = clock;
  }

  /** Removes what is too old; without a limit, nothing. */
  public void sweep() throws IOException {
    if (retention.processed().isPresent()) {
      new DayFolders(directories.processed(), clock).removeOlderThan(retention.processed().get());
    }
    if (retention.failed().isPresent()) {
      new DayFolders(directories.failed(), clock).removeOlderThan(retention.failed().get());
    }
  }
}
