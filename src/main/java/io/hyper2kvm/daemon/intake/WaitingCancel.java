package io.hyper2kvm.daemon.intake;

import io.hyper2kvm.daemon.recovery.ManifestRecords;
import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.report.AtomicFile;
import io.hyper2kvm.report.Failure;
import io.hyper2kvm.report.ManifestOutcome;
import io.hyper2kvm.report.ProgressListener;
import io.hyper2kvm.report.ReportJson;
import io.hyper2kvm.workflow.ManifestFile;
import io.hyper2kvm.workflow.ManifestPlaces;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Cancels a manifest that waits in the drop zone: it goes to {@code failed/}, with code CANCELLED.
 * Only the owner of the workflow directory may do this.
 */
public final class WaitingCancel {

  private final WorkflowDirectories directories;
  private final ManifestPlaces places;
  private final ProgressListener progress;
  private final Clock clock;

  /**
   * For the given directories.
   *
   * @param places those of the one owner
   */
  public WaitingCancel(WorkflowDirectories directories, ManifestPlaces places, Clock clock) {
    this(directories, places, ProgressListener.NONE, clock);
  }

  /**
   * For the given directories.
   *
   * @param places those of the one owner
   * @param progress is told of each manifest that was cancelled
   */
  public WaitingCancel(
      WorkflowDirectories directories,
      ManifestPlaces places,
      ProgressListener progress,
      Clock clock) {
    this.progress = progress;
    this.directories = directories;
    this.places = places;
    this.clock = clock;
  }

  /**
   * Moves the manifest, its error file first.
   *
   * @return whether it was still there; if not, no file is left behind
   */
  public boolean fail(Path manifest) throws IOException {
    ManifestFile original = ManifestFile.of(manifest);
    OffsetDateTime now = OffsetDateTime.now(clock);
    Path folder = WorkflowDirectories.day(directories.failed(), now.toLocalDate());
    Path place = places.reserve(folder, original);
    Path error = place.resolveSibling(ManifestFile.of(place).error());
    ManifestOutcome outcome = outcome(original, now);
    try {
      AtomicFile.write(error, ReportJson.error(outcome, Optional.empty(), Optional.empty()));
      try {
        Files.move(manifest, place, StandardCopyOption.ATOMIC_MOVE);
      } catch (NoSuchFileException e) {
        Files.delete(error);
        return false;
      }
    } finally {
      places.release(place);
    }
    new ManifestRecords(directories).returnLog(place); // Of the run before a crash or a stop.
    AtomicFile.syncDirectory(folder);
    progress.ended(outcome);
    return true;
  }

  private static ManifestOutcome outcome(ManifestFile original, OffsetDateTime now) {
    Failure failure =
        Failure.of(FailureCode.CANCELLED, original.name() + " was cancelled before it was begun");
    return new ManifestOutcome(
        original.stem(),
        original.name(),
        false,
        Map.of(),
        now,
        now,
        List.of(),
        Optional.of(failure));
  }
}
