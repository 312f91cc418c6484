package io.hyper2kvm.daemon.intake;

import io.hyper2kvm.config.IntakeConfig;
import io.hyper2kvm.daemon.log.JobLogs;
import io.hyper2kvm.daemon.recovery.ManifestRecords;
import io.hyper2kvm.manifest.ManifestReader;
import io.hyper2kvm.manifest.model.Manifest;
import io.hyper2kvm.manifest.model.VmSpec;
import io.hyper2kvm.report.LiveStatus;
import io.hyper2kvm.report.ProgressListener;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.workflow.DropZone;
import io.hyper2kvm.workflow.ManifestFile;
import io.hyper2kvm.workflow.ManifestPlaces;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Exchange;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The Java side of route manifest-intake: decides which files are taken, gives each a place in
 * {@code processing/}, and reads it.
 */
public final class ManifestIntake implements GenericFileFilter<File> {

  private static final Logger LOG = LogManager.getLogger(ManifestIntake.class);

  private final WorkflowDirectories directories;
  private final ManifestPlaces places;
  private final ManifestRecords records;
  private final DropZone dropZone;
  private final WaitingQueue queue;
  private final Holds holds;
  private final ManifestReader reader;
  private final Path workDir;
  private final IntakeConfig config;
  private final CancelRequests cancels;
  private final ProgressListener progress;
  private final JobLogs logs;
  private final Clock clock;
  private final AtomicLong jobs = new AtomicLong();
  private Optional<Path> lastClaim = Optional.empty();
  private boolean claimFails;

  /**
   * An intake.
   *
   * @param workDir below which each VM gets a directory of its own
   * @param dropZone which files of the drop zone are manifests
   * @param queue which of the files in the drop zone are next
   * @param holds whether any is taken
   * @param config how old and how large a manifest may be, and whether each is a dry run
   * @param cancels is told of each manifest that is read
   * @param progress is told of the progress of the VMs
   * @param logs the logs of the manifests
   */
  public ManifestIntake(
      WorkflowDirectories directories,
      ManifestPlaces places,
      ManifestRecords records,
      ManifestReader reader,
      Path workDir,
      DropZone dropZone,
      WaitingQueue queue,
      Holds holds,
      IntakeConfig config,
      CancelRequests cancels,
      ProgressListener progress,
      JobLogs logs,
      Clock clock) {
    this.directories = directories;
    this.places = places;
    this.records = records;
    this.dropZone = dropZone;
    this.queue = queue;
    this.holds = holds;
    this.reader = reader;
    this.workDir = workDir;
    this.config = config;
    this.cancels = cancels;
    this.progress = progress;
    this.logs = logs;
    this.clock = clock;
  }

  /** Whether the file consumer may take a file now. No file is opened. */
  @Override
  public boolean accept(GenericFile<File> file) {
    return holds.takesManifests()
        && !file.isDirectory()
        && queue.isChosen(file.getFileNameOnly())
        && dropZone.accepts(file.getFile().toPath());
  }

  /** After this call no manifest is taken, and no VM begins. */
  public void stop() {
    holds.stop();
  }

  /** Whether the daemon is being stopped. */
  public boolean stopping() {
    return holds.isStopping();
  }

  /** The file's place in {@code processing/}, for {@code preMove}. */
  public synchronized String claim(Exchange exchange) throws IOException {
    // The manifest before was moved by now, or its move failed: it needs no reservation.
    lastClaim.ifPresent(places::release);
    String name = exchange.getMessage().getHeader(Exchange.FILE_NAME_ONLY, String.class);
    queue.taken(name);
    Path dropped = directories.toBeProcessed().resolve(name);
    ManifestFile original = records.original(dropped).orElse(new ManifestFile(name));
    Path place = places.reserve(directories.processing(), original);
    lastClaim = Optional.of(place);
    // Not the records themselves: their equals is made when it is first called, in 15 ms of the
    // first look.
    if (!ManifestFile.of(place).name().equals(original.name())) {
      keepOriginal(dropped, original);
    }
    exchange.setProperty(
        ManifestRun.PROPERTY, new ManifestRun(original, place, OffsetDateTime.now(clock)));
    return place.toString();
  }

  /**
   * Records the original name. If that fails the manifest is not taken, and the next poll tries
   * again.
   */
  private void keepOriginal(Path dropped, ManifestFile original) throws IOException {
    try {
      records.keepOriginal(dropped, original);
      claimFails = false;
    } catch (IOException e) {
      if (!claimFails) {
        claimFails = true; // Logged once, not at every poll.
        LOG.warn("manifest-not-taken manifest={} reason={}", original.name(), e.toString());
      }
      throw e;
    }
  }

  /** Reads the claimed manifest; the answer is one job for each VM. */
  public List<VmJob> read(Exchange exchange) throws IOException {
    ManifestRun run = run(exchange);
    records.returnLog(run.place());
    logs.begin(run.place());
    LOG.info("manifest-taken manifest={}", run.original().name());
    cancels.begun(run);
    long size = Files.size(run.place());
    if (size > config.maxManifestSize().bytes()) {
      throw new IOException(
          "%s has %d bytes; max_manifest_size allows %d"
              .formatted(run.original().name(), size, config.maxManifestSize().bytes()));
    }
    // A number in the file's name keeps two files apart. It is not part of the manifest's name.
    Manifest manifest = asWanted(reader.read(run.place(), run.original().name()));
    LiveStatus status =
        new LiveStatus(
            run.place().resolveSibling(ManifestFile.of(run.place()).status()),
            manifest.name(),
            run.original().name(),
            manifest.vms().stream().map(VmSpec::name).toList(),
            clock,
            progress);
    status.timing(manifest.timing());
    List<VmJob> vms =
        manifest.vms().stream()
            .map(
                vm ->
                    new VmJob(
                        manifest.name(), vm, jobDirectory(vm), status, clock, manifest.dryRun()))
            .toList();
    run.begin(manifest, status, vms);
    return vms;
  }

  private Manifest asWanted(Manifest manifest) {
    return config.dryRun() ? manifest.asDryRun() : manifest;
  }

  private Path jobDirectory(VmSpec vm) {
    // Names of VMs are plain; the number keeps two runs apart, the process id two processes.
    return workDir.resolve(
        "%s.%d-%d".formatted(vm.name(), ProcessHandle.current().pid(), jobs.incrementAndGet()));
  }

  public static ManifestRun run(Exchange exchange) {
    return runOf(exchange)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "the route's file endpoint must have preMove=${bean:manifestIntake.claim}"));
  }

  /** The manifest of the exchange; empty when it is about none, or about one not claimed yet. */
  public static Optional<ManifestRun> runOf(Exchange exchange) {
    return exchange.getProperty(ManifestRun.PROPERTY) instanceof ManifestRun run
        ? Optional.of(run)
        : Optional.empty();
  }
}
