package io.hyper2kvm.daemon.completion;

import io.hyper2kvm.daemon.intake.CancelRequests;
import io.hyper2kvm.daemon.intake.ManifestRun;
import io.hyper2kvm.daemon.log.JobLogs;
import io.hyper2kvm.daemon.log.JobMarks;
import io.hyper2kvm.daemon.recovery.ManifestRecords;
import io.hyper2kvm.workflow.FileIdentity;
import io.hyper2kvm.workflow.ManifestFile;
import io.hyper2kvm.workflow.Submission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Ordered;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** The last step of a manifest, after the file component has moved it: its record is removed. */
final class ManifestEnd extends SynchronizationAdapter {

  private static final Logger LOG = LogManager.getLogger(ManifestEnd.class);

  private final ManifestRun run;
  private final ManifestRecords records;
  private final CancelRequests cancels;
  private final WaitingEnds ends;
  private final Submission submission;
  private final JobLogs logs;

  ManifestEnd(
      ManifestRun run,
      ManifestRecords records,
      CancelRequests cancels,
      WaitingEnds ends,
      Submission submission,
      JobLogs logs) {
    this.run = run;
    this.records = records;
    this.cancels = cancels;
    this.ends = ends;
    this.submission = submission;
    this.logs = logs;
  }

  /** Runs after the move, which is a synchronization, too. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST;
  }

  @Override
  public void onDone(Exchange exchange) {
    JobMarks marks = JobMarks.set(run.place(), run.original().name(), Optional.empty());
    try {
      end();
    } finally {
      marks.reset();
    }
  }

  private void end() {
    if (run.putBack()) {
      show(run.finalPlace().orElseThrow());
      logs.end(run.place());
      return;
    }
    if (run.finalPlace().isEmpty()) {
      return; // It runs again at the next start, which needs what is known.
    }
    Path end = run.finalPlace().get();
    Optional<FileIdentity> here = identity(run.place());
    if (here.isEmpty() || Files.exists(end, LinkOption.NOFOLLOW_LINKS)) {
      forget(end); // It was moved, and somebody may have moved it on since.
    } else {
      moveLater(here.get(), end);
    }
  }

  /** The manifest was moved to a hidden name of the drop zone, and gets one that is free. */
  private void show(Path hidden) {
    try {
      Path place = submission.show(hidden, run.original());
      if (!ManifestFile.of(place).equals(run.original())) {
        records.keepOriginal(place, run.original());
      }
      LOG.warn("manifest-put-back manifest={} to={}", run.original().name(), place);
    } catch (IOException e) {
      LOG.warn(
          "manifest-not-put-back manifest={} reason=the next start does it: {}",
          run.original().name(),
          e.toString());
    }
  }

  /** Moves the manifest later. Its report is written, and only the move is missing. */
  private void moveLater(FileIdentity manifest, Path end) {
    String name = run.original().name();
    IOException reason = new IOException("%s could not be moved to %s".formatted(name, end));
    try {
      ends.later(
          name,
          () -> {
            if (manifest.isAt(run.place())) {
              Files.move(run.place(), end);
              LOG.info("manifest-moved manifest={} to={}", name, end);
            }
            forget(end);
          },
          reason);
    } catch (IOException e) {
      LOG.warn("manifest-not-moved manifest={} to={} reason=the next start does it", name, end);
    }
  }

  private static Optional<FileIdentity> identity(Path file) {
    try {
      return FileIdentity.of(file);
    } catch (IOException e) {
      return Optional.empty(); // The next start decides by the files that it finds.
    }
  }

  private void forget(Path end) {
    logs.end(run.place());
    cancels.left(run);
    try {
      records.forget(end);
    } catch (IOException e) {
      // The next start removes records without a manifest.
      LOG.debug("record-not-removed manifest={} reason={}", run.original().name(), e.toString());
    }
  }
}
