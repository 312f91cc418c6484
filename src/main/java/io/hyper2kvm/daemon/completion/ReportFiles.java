package io.hyper2kvm.daemon.completion;

import io.hyper2kvm.daemon.intake.ManifestRun;
import io.hyper2kvm.daemon.log.JobLogs;
import io.hyper2kvm.daemon.recovery.ManifestRecords;
import io.hyper2kvm.failure.NoSpace;
import io.hyper2kvm.manifest.RetryManifest;
import io.hyper2kvm.manifest.model.Manifest;
import io.hyper2kvm.report.AtomicFile;
import io.hyper2kvm.report.ManifestOutcome;
import io.hyper2kvm.report.ManifestReport;
import io.hyper2kvm.report.ReportJson;
import io.hyper2kvm.report.ScreenFiles;
import io.hyper2kvm.report.SignedReports;
import io.hyper2kvm.report.VmOutcome;
import io.hyper2kvm.workflow.ManifestFile;
import io.hyper2kvm.workflow.ManifestPlaces;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Writes the files beside a manifest's last place: report, error file, retry manifest. */
final class ReportFiles {

  private static final Logger LOG = LogManager.getLogger(ReportFiles.class);

  private final ManifestPlaces places;
  private final ManifestRecords records;
  private final RetryManifest retries;
  private final Optional<Path> log;
  private final JobLogs logs;
  private final SignedReports reports;

  /**
   * The files of a workflow directory.
   *
   * @param retries makes the retry manifests of failed batches
   * @param log where the daemon's log is, for the error files; empty when on standard output
   * @param logs the logs of the manifests, which go to their last places, too
   * @param reports writes the reports and error files
   */
  ReportFiles(
      ManifestPlaces places,
      ManifestRecords records,
      RetryManifest retries,
      Optional<Path> log,
      JobLogs logs,
      SignedReports reports) {
    this.logs = logs;
    this.reports = reports;
    this.places = places;
    this.records = records;
    this.retries = retries;
    this.log = log;
  }

  /**
   * Writes the report or error file beside the manifest's last place, which stays free for it.
   *
   * @param end the folder {@code processed/} or {@code failed/}
   * @return the manifest's last place
   */
  Path write(Path end, ManifestRun run, ManifestOutcome outcome) throws IOException {
    Path folder = WorkflowDirectories.day(end, outcome.completedAt().toLocalDate());
    Path place = reserve(folder, run);
    try {
      ManifestFile file = ManifestFile.of(place);
      // If the daemon is killed once the report is written, the next start only makes the move.
      records.keepEnd(run.place(), run.original(), place);
      hold(run, place);
      if (outcome.succeeded()) {
        write(run, outcome, place.resolveSibling(file.report()), ReportJson.report(outcome));
      } else {
        writeError(place, run, outcome);
      }
    } catch (IOException e) {
      removeUnfinished(place, e);
      if (run.heldEnd().filter(place::equals).isEmpty()) {
        places.release(place);
      }
      throw e;
    }
    keepScreens(run.place(), place);
    logs.move(run.place(), JobLogs.file(place));
    // The file about the manifest keeps the place from now on.
    places.release(place);
    run.holdEnd(Optional.empty());
    run.finalPlace(place);
    return place;
  }

  private static void keepScreens(Path from, Path to) {
    try {
      ScreenFiles.move(from, to);
    } catch (IOException e) {
      // The report is complete without them.
      LOG.warn("screens-not-kept manifest={} reason={}", to, e.toString());
    }
  }

  /**
   * A place in the folder. One that the record names since an earlier try is used again: until the
   * record names another one, no other manifest may get it, or a restart would take the other one's
   * report for this one's.
   */
  private Path reserve(Path folder, ManifestRun run) throws IOException {
    Optional<Path> held = run.heldEnd().filter(place -> folder.equals(place.getParent()));
    return held.isPresent() ? held.get() : places.reserve(folder, run.original());
  }

  private void hold(ManifestRun run, Path place) {
    run.heldEnd().filter(held -> !held.equals(place)).ifPresent(places::release);
    run.holdEnd(Optional.of(place));
  }

  /** Removes what the failed write left. The place was free before, so these files are its own. */
  private static void removeUnfinished(Path place, IOException because) {
    ManifestFile file = ManifestFile.of(place);
    for (String name : file.results()) {
      try {
        Files.deleteIfExists(place.resolveSibling(name));
      } catch (IOException e) {
        because.addSuppressed(e);
      }
    }
  }

  private void writeError(Path place, ManifestRun run, ManifestOutcome outcome) throws IOException {
    ManifestFile file = ManifestFile.of(place);
    Path retry = place.resolveSibling(file.retry());
    Optional<String> retryName =
        writeRetry(retry, run, outcome) ? Optional.of(file.retry()) : Optional.empty();
    byte[] error = ReportJson.error(outcome, log, retryName);
    write(run, outcome, place.resolveSibling(file.error()), error);
  }

  private static boolean hasPassed(Manifest manifest, ManifestOutcome outcome) {
    OffsetDateTime end = outcome.completedAt();
    return manifest.timing().schedule().at(end.toInstant(), end.getOffset()).isPassed();
  }

  private void write(ManifestRun run, ManifestOutcome outcome, Path file, byte[] json)
      throws IOException {
    reports.write(file, json);
    run.report(new ManifestReport(outcome, file, ReportJson.read(json)));
  }

  /**
   * Writes the retry manifest and tells whether there is one: of a batch, and of a single VM whose
   * schedule has passed, since with it nothing would run. If it cannot be written, the error file
   * is written without it. Only a lack of space is thrown, since then everything is tried again.
   */
  private boolean writeRetry(Path retry, ManifestRun run, ManifestOutcome outcome)
      throws IOException {
    boolean passed = run.manifest().filter(read -> hasPassed(read, outcome)).isPresent();
    Optional<Manifest> manifest = run.manifest().filter(read -> read.batch() || passed);
    Set<String> unfinished = new LinkedHashSet<>();
    manifest.ifPresent(read -> read.vms().forEach(vm -> unfinished.add(vm.name())));
    outcome.vms().stream().filter(VmOutcome::succeeded).forEach(vm -> unfinished.remove(vm.name()));
    if (unfinished.isEmpty()) {
      return false;
    }
    try {
      Optional<byte[]> json =
          retries.of(
              run.place(), run.original().name(), manifest.orElseThrow(), unfinished, passed);
      if (json.isPresent()) {
        AtomicFile.write(retry, json.get());
        return true;
      }
      LOG.warn(
          "retry-not-written manifest={} reason=it would not be taken, or the manifest was changed",
          run.original().name());
    } catch (IOException e) {
      if (NoSpace.is(e)) {
        throw e;
      }
      LOG.warn("retry-not-written manifest={} reason={}", run.original().name(), e.toString());
    }
    return false;
  }
}
