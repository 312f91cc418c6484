package io.hyper2kvm.daemon.completion;

import io.hyper2kvm.daemon.intake.CancelRequests;
import io.hyper2kvm.daemon.intake.ManifestIntake;
import io.hyper2kvm.daemon.intake.ManifestRun;
import io.hyper2kvm.daemon.recovery.ManifestRecords;
import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.NoSpace;
import io.hyper2kvm.manifest.RetryManifest;
import io.hyper2kvm.manifest.model.Manifest;
import io.hyper2kvm.manifest.parse.ManifestInvalidException;
import io.hyper2kvm.report.AtomicFile;
import io.hyper2kvm.report.Failure;
import io.hyper2kvm.report.LiveStatus;
import io.hyper2kvm.report.ManifestOutcome;
import io.hyper2kvm.report.ManifestReport;
import io.hyper2kvm.report.ReportJson;
import io.hyper2kvm.report.VmOutcome;
import io.hyper2kvm.workflow.ManifestFile;
import io.hyper2kvm.workflow.ManifestPlaces;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Decides what became of a manifest, writes its report or error file beside the place it will be
 * moved to, and alone throws, in the end, when it failed.
 */
public final class ManifestJudge {

  private static final Logger LOG = LogManager.getLogger(ManifestJudge.class);

  private final WorkflowDirectories directories;
  private final ManifestPlaces places;
  private final ManifestRecords records;
  private final ManifestIntake intake;
  private final RetryManifest retries;
  private final CancelRequests cancels;
  private final WaitingEnds ends;
  private final Optional<Path> log;
  private final Clock clock;

  /**
   * A judge.
   *
   * @param intake knows whether the daemon is being stopped
   * @param retries makes the retry manifests of failed batches
   * @param cancels is told of each manifest that is judged
   * @param ends keeps those for whose reports there is no room
   * @param log where the daemon's log is, for the error files; empty when on standard output
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
      Clock clock) {
    this.directories = directories;
    this.places = places;
    this.records = records;
    this.intake = intake;
    this.retries = retries;
    this.cancels = cancels;
    this.ends = ends;
    this.log = log;
    this.clock = clock;
  }

  /** Keeps the failure of the manifest itself (not of a VM) for {@link #judge}. */
  public Failure failure(Exchange exchange) {
    Throwable thrown = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof ManifestInvalidException) {
        return failure(FailureCode.MANIFEST_INVALID, cause.getMessage(), thrown);
      }
      if (cause instanceof RejectedExecutionException && intake.stopping()) {
        return failure(FailureCode.CANCELLED, "the daemon is being stopped", thrown);
      }
      if (cause instanceof IOException) {
        return failure(FailureCode.MANIFEST_UNREADABLE, cause.toString(), thrown);
      }
    }
    return failure(FailureCode.INTERNAL_ERROR, String.valueOf(thrown), thrown);
  }

  private static Failure failure(FailureCode code, String message, Throwable thrown) {
    return new Failure(
        code,
        message,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        "",
        code.hint(),
        Failure.describe(thrown));
  }

  /**
   * Judges.
   *
   * @param body the list of {@link VmOutcome}, or the {@link Failure} of the manifest itself
   * @return completed when the report or error file is written: where there is no room, the
   *     manifest's way ends here until there is
   * @throws ManifestFailedException when the daemon is being stopped and the manifest goes back
   * @throws IOException when the report cannot be written
   */
  public CompletionStage<ManifestReport> judge(Exchange exchange, @Body Object body)
      throws ManifestFailedException, IOException {
    ManifestRun run = ManifestIntake.run(exchange);
    exchange.getExchangeExtension().addOnCompletion(new ManifestEnd(run, records, cancels, ends));
    cancels.ended(run);
    run.status().ifPresent(LiveStatus::close);
    ManifestOutcome outcome = outcome(run, body);
    if (intake.stopping() && wasCancelled(outcome) && !run.cancelled()) {
      putBack(run);
    }
    return ends.bring(
            run.original().name(),
            () -> {
              try {
                conclude(run, outcome);
              } catch (IOException e) {
                if (NoSpace.is(e)) {
                  run.stay();
                }
                throw e;
              }
            })
        .thenApply(written -> run.report().orElseThrow());
  }

  /**
   * The last step, after the report and all that an operator's routes do with it.
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
        Path place = write(directories.processed(), run, outcome);
        LOG.info("manifest-completed manifest={} to={}", run.original().name(), place);
        return;
      } catch (IOException e) {
        if (NoSpace.is(e)) {
          throw e;
        }
        outcome = unreported(outcome, e);
      }
    }
    Failure first = outcome.firstFailure().orElseThrow();
    Path place;
    try {
      place = write(directories.failed(), run, outcome);
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
      throw e;
    }
    LOG.error(
        "manifest-failed manifest={} code={} error={} to={}",
        run.original().name(),
        first.code(),
        first.message(),
        place);
  }

  /**
   * Writes the report or error file beside the manifest's last place, which is then free for it.
   */
  private Path write(Path end, ManifestRun run, ManifestOutcome outcome) throws IOException {
    Path folder = WorkflowDirectories.day(end, outcome.completedAt().toLocalDate());
    Path place = places.reserve(folder, run.original());
    try {
      ManifestFile file = ManifestFile.of(place);
      // Killed after the report was written, the next start makes up for the move alone.
      records.keepEnd(run.place(), run.original(), place);
      if (outcome.succeeded()) {
        write(run, outcome, place.resolveSibling(file.report()), ReportJson.report(outcome));
      } else {
        writeError(place, run, outcome);
      }
    } catch (IOException e) {
      removeUnfinished(place, e);
      throw e;
    } finally {
      // The file about the manifest keeps the place from now on.
      places.release(place);
    }
    run.finalPlace(place);
    return place;
  }

  /** The place was free: what lies there is of the write that failed, perhaps at its last sync. */
  private static void removeUnfinished(Path place, IOException because) {
    ManifestFile file = ManifestFile.of(place);
    for (String name : List.of(file.report(), file.error(), file.retry())) {
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

  private static void write(ManifestRun run, ManifestOutcome outcome, Path file, byte[] json)
      throws IOException {
    AtomicFile.write(file, json);
    run.report(new ManifestReport(outcome, file, ReportJson.read(json)));
  }

  /**
   * Whether there is one now; that there is none is no reason to lose the error file, unless all
   * that is missing is room.
   */
  private boolean writeRetry(Path retry, ManifestRun run, ManifestOutcome outcome)
      throws IOException {
    Optional<Manifest> batch = run.manifest().filter(Manifest::batch);
    Set<String> unfinished = new LinkedHashSet<>();
    batch.ifPresent(read -> read.vms().forEach(vm -> unfinished.add(vm.name())));
    outcome.vms().stream().filter(VmOutcome::succeeded).forEach(vm -> unfinished.remove(vm.name()));
    if (unfinished.isEmpty()) {
      return false;
    }
    try {
      Optional<byte[]> json =
          retries.of(run.place(), run.original().name(), batch.orElseThrow(), unfinished);
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

  private static boolean wasCancelled(ManifestOutcome outcome) {
    return outcome.failure().filter(ManifestJudge::isCancel).isPresent()
        || outcome.vms().stream()
            .flatMap(vm -> vm.failure().stream())
            .anyMatch(ManifestJudge::isCancel);
  }

  private static boolean isCancel(Failure failure) {
    return failure.code() == FailureCode.CANCELLED;
  }

  /** A stop of the daemon is no failure of the manifest: it runs again at the next start. */
  private void putBack(ManifestRun run) throws ManifestFailedException, IOException {
    Path place = places.reserve(directories.toBeProcessed(), run.original());
    try {
      keepOriginal(run, place);
    } catch (IOException e) {
      places.release(place);
      run.stay(); // The next start puts it back.
      throw e;
    }
    run.putBack(place);
    LOG.warn("manifest-put-back manifest={} to={}", run.original().name(), place);
    throw ManifestFailedException.of(run.original().name(), "the daemon is being stopped");
  }

  private void keepOriginal(ManifestRun run, Path place) throws IOException {
    if (!ManifestFile.of(place).equals(run.original())) {
      records.keepOriginal(run.place(), run.original());
    }
  }

  private static ManifestOutcome unreported(ManifestOutcome outcome, IOException reason) {
    String message = "all VMs succeeded, but the report could not be written: " + reason;
    return new ManifestOutcome(
        outcome.jobId(),
        outcome.originalName(),
        outcome.batch(),
        outcome.metadata(),
        outcome.startedAt(),
        outcome.completedAt(),
        outcome.vms(),
        Optional.of(failure(FailureCode.REPORT_NOT_WRITTEN, message, reason)));
  }

  private ManifestOutcome outcome(ManifestRun run, Object body) {
    Optional<Failure> failure =
        body instanceof Failure failed ? Optional.of(failed) : Optional.empty();
    List<VmOutcome> vms = failure.isPresent() ? List.of() : inOrder(run, (List<?>) body);
    if (failure.isEmpty() && vms.size() != run.jobs().size()) {
      String message =
          "%d of %d VMs came back from their pipeline".formatted(vms.size(), run.jobs().size());
      failure =
          Optional.of(
              failure(FailureCode.INTERNAL_ERROR, message, new IllegalStateException(message)));
    }
    if (failure.isEmpty() && run.cancelled()) {
      // What an operator asked for stands above what else may have gone wrong.
      failure =
          vms.stream()
              .flatMap(vm -> vm.failure().stream())
              .filter(ManifestJudge::isCancel)
              .findFirst();
    }
    Optional<Manifest> manifest = run.manifest();
    return new ManifestOutcome(
        manifest.map(Manifest::name).orElse(run.original().stem()),
        run.original().name(),
        manifest.map(Manifest::batch).orElse(false),
        manifest.map(Manifest::metadata).orElse(Map.of()),
        run.startedAt(),
        OffsetDateTime.now(clock),
        vms,
        failure);
  }

  private static List<VmOutcome> inOrder(ManifestRun run, List<?> outcomes) {
    List<VmOutcome> sorted = new ArrayList<>();
    run.jobs()
        .forEach(
            job ->
                outcomes.stream()
                    .map(VmOutcome.class::cast)
                    .filter(outcome -> outcome.name().equals(job.name()))
                    .forEach(sorted::add));
    return sorted;
  }

  /** Where the manifest goes, for {@code move} and {@code moveFailed}. */
  public String place(Exchange exchange) throws IOException {
    ManifestRun run = ManifestIntake.run(exchange);
    if (run.finalPlace().isEmpty() && run.stays()) {
      throw new IOException(run.original().name() + " stays in processing/ for the next start");
    }
    if (run.finalPlace().isEmpty()) {
      // Not even the error file could be written: the log has the reason, the manifest stays whole.
      Path folder = WorkflowDirectories.day(directories.failed(), LocalDate.now(clock.getZone()));
      Path place = places.reserve(folder, run.original());
      places.release(place);
      run.finalPlace(place);
      LOG.error("manifest-failed-unreported manifest={}", run.original().name());
    }
    return run.finalPlace().orElseThrow().toString();
  }
}
