package io.hyper2kvm.daemon.completion;

import io.hyper2kvm.daemon.intake.CancelRequests;
import io.hyper2kvm.daemon.intake.ManifestIntake;
import io.hyper2kvm.daemon.intake.ManifestRun;
import io.hyper2kvm.daemon.log.JobLogs;
import io.hyper2kvm.daemon.log.JobMarks;
import io.hyper2kvm.daemon.recovery.ManifestRecords;
import io.hyper2kvm.failure.NoSpace;
import io.hyper2kvm.manifest.RetryManifest;
import io.hyper2kvm.report.Failure;
import io.hyper2kvm.report.LiveStatus;
import io.hyper2kvm.report.ManifestOutcome;
import io.hyper2kvm.report.ManifestReport;
import io.hyper2kvm.report.ProgressListener;
import io.hyper2kvm.report.SignedReports;
import io.hyper2kvm.report.VmOutcome;
import io.hyper2kvm.workflow.ManifestPlaces;
import io.hyper2kvm.workflow.Submission;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Decides whether a manifest completed or failed, and writes its report or error file beside its
 * last place. No other bean throws, in the end, because a manifest failed.
 */
public final class ManifestJudge {

  private static final Logger LOG = LogManager.getLogger(ManifestJudge.class);

  private final WorkflowDirectories directories;
  private final ManifestPlaces places;
  private final ManifestRecords records;
  private final ManifestIntake intake;
  private final ReportFiles files;
  private final ManifestOutcomes outcomes;
  private final CancelRequests cancels;
  private final WaitingEnds ends;
  private final Submission submission;
  private final ProgressListener progress;
  private final JobLogs logs;
  private final Clock clock;

  /**
   * A judge.
   *
   * @param intake knows whether the daemon is being stopped
   * @param retries makes the retry manifests of failed batches
   * @param cancels is told of each manifest that is judged
   * @param ends keeps the manifests whose reports have no space
   * @param log where the daemon's log is, for the error files; empty when on standard output
   * @param progress is told of each manifest that has ended
   * @param logs the logs of the manifests
   * @param reports writes the reports and error files
   */
  public ManifestJudge(
      WorkflowDirectories directories,
      ManifestPlaces places,
      ManifestRecords records,
      ManifestIntake intake,
      RetryManifest retries,
      CancelRequests cancels,
      WaitingEnds ends,
      Optional<Path> log,
      ProgressListener progress,
      JobLogs logs,
      SignedReports reports,
      Clock clock) {
    this.directories = directories;
    this.places = places;
    this.records = records;
    this.intake = intake;
    this.files = new ReportFiles(places, records, retries, log, logs, reports);
    this.outcomes = new ManifestOutcomes(clock);
    this.cancels = cancels;
    this.ends = ends;
    this.submission = new Submission(directories);
    this.progress = progress;
    this.logs = logs;
    this.clock = clock;
  }

  /** Keeps the failure of the manifest itself (not of a VM) for {@link #judge}. */
  public Failure failure(Exchange exchange) {
    return ManifestOutcomes.failure(
        exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class), intake.stopping());
  }

  /**
   * Judges.
   *
   * @param body the list of {@link VmOutcome}, or the {@link Failure} of the manifest itself
   * @return completed when the report or error file is written; without space the manifest waits
   *     for it here
   * @throws ManifestFailedException when the daemon is being stopped and the manifest goes back
   * @throws IOException when the report cannot be written
   */
  public CompletionStage<ManifestReport> judge(Exchange exchange, @Body Object body)
      throws ManifestFailedException, IOException {
    ManifestRun run = ManifestIntake.run(exchange);
    exchange
        .getExchangeExtension()
        .addOnCompletion(new ManifestEnd(run, records, cancels, ends, submission, logs));
    cancels.ended(run);
    run.status().ifPresent(LiveStatus::close);
    ManifestOutcome outcome = outcomes.of(run, body);
    if (intake.stopping() && ManifestOutcomes.wasCancelled(outcome) && !run.cancelled()) {
      putBack(run);
    }
    return ends.bring(
            run.original().name(),
            () -> {
              JobMarks marks = marks(run);
              try {
                conclude(run, outcome);
              } catch (IOException e) {
                if (NoSpace.is(e)) {
                  run.stay();
                }
                throw e;
              } finally {
                marks.reset();
              }
            })
        .thenApply(written -> run.report().orElseThrow());
  }

  /** For the thread that tries again when there is space. */
  private static JobMarks marks(ManifestRun run) {
    return JobMarks.set(run.place(), run.original().name(), Optional.empty());
  }

  /**
   * The last step, after the report and the operator's routes that use it.
   *
   * @throws ManifestFailedException when the manifest belongs to {@code failed/}
   */
  public void end(Exchange exchange) throws ManifestFailedException {
    ManifestRun run = ManifestIntake.run(exchange);
    Optional<Failure> failure = run.report().flatMap(report -> report.outcome().firstFailure());
    if (failure.isPresent()) {
      throw ManifestFailedException.of(run.original().name(), failure.get().message());
    }
  }

  private void conclude(ManifestRun run, ManifestOutcome judged) throws IOException {
    ManifestOutcome outcome = judged;
    if (outcome.succeeded()) {
      try {
        Path place = files.write(directories.processed(), run, outcome);
        LOG.info("manifest-completed manifest={} to={}", run.original().name(), place);
        progress.ended(outcome);
        return;
      } catch (IOException e) {
        if (NoSpace.is(e)) {
          throw e;
        }
        outcome = ManifestOutcomes.unreported(outcome, e);
      }
    }
    Failure first = outcome.firstFailure().orElseThrow();
    Path place;
    try {
      place = files.write(directories.failed(), run, outcome);
    } catch (IOException e) {
      if (NoSpace.is(e)) {
        throw e;
      }
      LOG.error(
          "error-not-written manifest={} code={} error={} reason={}",
          run.original().name(),
          first.code(),
          first.message(),
          e.toString());
      progress.ended(outcome);
      throw e;
    }
    LOG.error(
        "manifest-failed manifest={} code={} error={} to={}",
        run.original().name(),
        first.code(),
        first.message(),
        place);
    progress.ended(outcome);
  }

  /**
   * A stop of the daemon is no failure of the manifest: it runs again at the next start. It goes to
   * a hidden name in the drop zone; {@link ManifestEnd} gives it a name that nobody else has.
   */
  private void putBack(ManifestRun run) throws ManifestFailedException, IOException {
    try {
      if (submission.isTaken(run.original())) {
        records.keepOriginal(run.place(), run.original());
      }
    } catch (IOException e) {
      run.stay(); // The next start puts it back.
      throw e;
    }
    records.keepLog(run.place());
    run.putBack(submission.hidden(run.original()));
    throw ManifestFailedException.of(run.original().name(), "the daemon is being stopped");
  }

  /** Where the manifest goes, for {@code move} and {@code moveFailed}. */
  public String place(Exchange exchange) throws IOException {
    ManifestRun run = ManifestIntake.run(exchange);
    if (run.finalPlace().isEmpty() && run.stays()) {
      throw new IOException(run.original().name() + " stays in processing/ for the next start");
    }
    if (run.finalPlace().isEmpty()) {
      // Even the error file could not be written. The log has the reason, and the manifest is
      // moved.
      Path folder = WorkflowDirectories.day(directories.failed(), LocalDate.now(clock.getZone()));
      Path place = places.reserve(folder, run.original());
      places.release(place);
      run.finalPlace(place);
      logs.move(run.place(), JobLogs.file(place));
      LOG.error("manifest-failed-unreported manifest={}", run.original().name());
    }
    return run.finalPlace().orElseThrow().toString();
  }
}
