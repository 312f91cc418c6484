package io.hyper2kvm.daemon.recovery;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.report.Failure;
import io.hyper2kvm.report.ManifestOutcome;
import io.hyper2kvm.report.ProgressListener;
import io.hyper2kvm.report.ReportJson;
import io.hyper2kvm.report.SignedReports;
import io.hyper2kvm.workflow.CancelRequest;
import io.hyper2kvm.workflow.DropName;
import io.hyper2kvm.workflow.Job;
import io.hyper2kvm.workflow.Jobs;
import io.hyper2kvm.workflow.ManifestFile;
import io.hyper2kvm.workflow.ManifestPlaces;
import io.hyper2kvm.workflow.Submission;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Handles each manifest that an earlier process left in {@code processing/}, before any route
 * starts. If its report is written, only the move is made. Otherwise it goes back into the drop
 * zone, or to {@code failed/} if it was in {@code processing/} during three crashes. A manifest is
 * renamed, never copied, so it is in exactly one place at any instant.
 */
public final class Recovery {

  /** After so many crashes a manifest is not tried again. */
  static final int MOST_CRASHES = 3;

  private static final Logger LOG = LogManager.getLogger(Recovery.class);
  private static final String STATUS = ".status.json";

  private final WorkflowDirectories directories;
  private final ManifestPlaces places;
  private final ManifestRecords records;
  private final RunMark mark;
  private final Optional<Path> log;
  private final ProgressListener progress;
  private final SignedReports reports;
  private final Clock clock;

  /**
   * A recovery of the given directories; the caller owns them.
   *
   * @param log where the daemon's log is, for the error files; empty when on standard output
   */
  public Recovery(
      WorkflowDirectories directories, ManifestPlaces places, Optional<Path> log, Clock clock) {
    this(directories, places, log, ProgressListener.NONE, SignedReports.NONE, clock);
  }

  /**
   * A recovery of the given directories; the caller owns them.
   *
   * @param log where the daemon's log is, for the error files; empty when on standard output
   * @param progress is told of each manifest that is not tried again
   * @param reports writes their error files
   */
  public Recovery(
      WorkflowDirectories directories,
      ManifestPlaces places,
      Optional<Path> log,
      ProgressListener progress,
      SignedReports reports,
      Clock clock) {
    this.progress = progress;
    this.reports = reports;
    this.directories = directories;
    this.places = places;
    this.records = new ManifestRecords(directories);
    this.mark = new RunMark(directories);
    this.log = log;
    this.clock = clock;
  }

  /**
   * Recovers.
   *
   * @return the manifests put back, by their place in the drop zone
   */
  public List<Path> run() throws IOException {
    for (Path manifest : new Submission(directories).finish()) {
      LOG.info("recovered-retry manifest={}", manifest);
    }
    List<Path> leftovers = new ArrayList<>();
    List<Path> others = new ArrayList<>();
    List<Path> logs = new ArrayList<>();
    try (Stream<Path> files = Files.list(directories.processing())) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          continue;
        }
        if (ManifestFile.isLog(name)) {
          logs.add(file);
          continue;
        }
        boolean about = name.endsWith(STATUS) || (name.startsWith(".") && name.endsWith(".tmp"));
        if (!CancelRequest.isRequest(name)) {
          (about ? others : leftovers).add(file);
        }
      }
    }
    Optional<ManifestRecord.Crash> crash =
        mark.crashed().map(process -> new ManifestRecord.Crash(process, now()));
    crash.ifPresent(
        c -> LOG.warn("crash-found process={} manifests={}", c.process(), leftovers.size()));
    List<Path> putBack = new ArrayList<>();
    for (Path manifest : leftovers) {
      recover(manifest, crash).ifPresent(putBack::add);
    }
    keepCancelled();
    for (Path file : others) {
      Files.delete(file);
    }
    for (Path log : logs) {
      if (Files.deleteIfExists(log)) {
        LOG.info("leftover-removed path={} reason=its manifest is not there any more", log);
      }
    }
    records.prune();
    return putBack;
  }

  /**
   * Keeps a cancellation that was under way when the process died: the manifest must not run again.
   */
  private void keepCancelled() throws IOException {
    List<CancelRequest> requests = CancelRequest.all(directories);
    List<Job> waiting = requests.isEmpty() ? List.of() : new Jobs(directories).waiting();
    for (CancelRequest request : requests) {
      Optional<Job> meant = request.among(waiting);
      if (meant.isPresent() && request.isHeard()) {
        CancelRequest.write(directories, meant.get().file().name(), request.manifest());
      }
      if (meant.isEmpty() || request.isHeard()) {
        request.remove();
      }
    }
  }

  private Optional<Path> recover(Path manifest, Optional<ManifestRecord.Crash> crash)
      throws IOException {
    ManifestRecord record =
        records
            .find(manifest)
            .orElse(new ManifestRecord(ManifestFile.of(manifest), Optional.empty(), List.of()));
    if (record.end().isPresent() && isAnnounced(record.end().get())) {
      moveLog(manifest, record.end().get());
      Files.move(manifest, record.end().get());
      records.forget(record.end().get());
      LOG.info("recovered manifest={} to={}", record.original().name(), record.end().get());
      return Optional.empty();
    }
    if (crash.isPresent() && !HeldManifests.wasHeld(manifest)) {
      record = record.with(crash.get());
    }
    if (record.crashes().size() >= MOST_CRASHES) {
      giveUp(manifest, record);
      return Optional.empty();
    }
    Submission zone = new Submission(directories);
    ManifestRecord kept = record.withEnd(Optional.empty());
    if (!kept.crashes().isEmpty() || zone.isTaken(kept.original())) {
      records.write(manifest, kept);
    } else {
      records.forget(manifest);
    }
    // Nobody takes a file again whose name is not a manifest's, such as one that is too long.
    boolean usual = DropName.isManifest(kept.original().name());
    Path hidden = zone.hidden(usual ? kept.original() : new ManifestFile("left"));
    records.keepLog(manifest);
    Files.move(manifest, hidden);
    Path place = zone.show(hidden, kept.original());
    if (!ManifestFile.of(place).equals(kept.original())) {
      records.write(place, kept);
    }
    LOG.info(
        "recovered manifest={} crashes={} to={}",
        record.original().name(),
        record.crashes().size(),
        place);
    return Optional.of(place);
  }

  /** Whether the report or error file of this manifest is at its end, and the manifest is not. */
  private boolean isAnnounced(Path end) throws IOException {
    ManifestFile file = ManifestFile.of(end);
    Path day = end.getParent();
    boolean ours =
        day != null
            && (directories.processed().equals(day.getParent())
                || directories.failed().equals(day.getParent()));
    if (!ours || Files.exists(end, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    boolean announced = false;
    for (String name : List.of(file.report(), file.error())) {
      announced |= Files.isRegularFile(end.resolveSibling(name), LinkOption.NOFOLLOW_LINKS);
    }
    for (String name : file.results()) {
      // Left by a process that was killed while it wrote: nobody else would remove it.
      Files.deleteIfExists(end.resolveSibling("." + name + ".tmp"));
    }
    if (!announced) {
      // Written before the report or error file; the next run writes others.
      for (String name : file.forerunners()) {
        Files.deleteIfExists(end.resolveSibling(name));
      }
    }
    return announced;
  }

  /** The log goes to the manifest's last place; unless that was done before the process ended. */
  private static void moveLog(Path manifest, Path end) {
    Path log = manifest.resolveSibling(ManifestFile.of(manifest).log());
    try {
      if (Files.isRegularFile(log, LinkOption.NOFOLLOW_LINKS)) {
        Files.move(log, end.resolveSibling(ManifestFile.of(end).log()));
      }
    } catch (IOException e) {
      LOG.warn("job-log-not-moved manifest={} reason={}", manifest.getFileName(), e.toString());
    }
  }

  private void giveUp(Path manifest, ManifestRecord record) throws IOException {
    OffsetDateTime now = OffsetDateTime.now(clock);
    Path folder = WorkflowDirectories.day(directories.failed(), now.toLocalDate());
    Path place = places.reserve(folder, record.original());
    String message =
        "%s was being worked on each of the %d times that the daemon ended without being stopped; found at %s"
            .formatted(
                record.original().name(),
                record.crashes().size(),
                record.crashes().stream()
                    .map(ManifestRecord.Crash::found)
                    .collect(Collectors.joining(", ")));
    FailureCode code = FailureCode.CRASHED_REPEATEDLY;
    Failure failure = Failure.of(code, message);
    ManifestOutcome outcome =
        new ManifestOutcome(
            record.original().stem(),
            record.original().name(),
            false,
            Map.of(),
            now,
            now,
            List.of(),
            Optional.of(failure));
    records.write(manifest, record.withEnd(Optional.of(place)));
    reports.write(
        place.resolveSibling(ManifestFile.of(place).error()),
        ReportJson.error(outcome, log, Optional.empty()));
    moveLog(manifest, place);
    Files.move(manifest, place);
    places.release(place);
    records.forget(place);
    LOG.error(
        "manifest-failed manifest={} code={} error={} to={}",
        record.original().name(),
        code,
        message,
        place);
    progress.ended(outcome);
  }

  private String now() {
    return OffsetDateTime.now(clock)
        .truncatedTo(ChronoUnit.SECONDS)
        .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
  }
}
