package io.hyper2kvm.daemon.boot;

import io.hyper2kvm.config.DaemonConfig;
import io.hyper2kvm.report.AtomicFile;
import io.hyper2kvm.report.ReportJson;
import io.hyper2kvm.tool.ProcessIdentity;
import io.hyper2kvm.workflow.DaemonRecord;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.OptionalInt;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** The daemon's record in the directory it owns, for as long as it runs. */
final class Announcement implements AutoCloseable {

  private static final Logger LOG = LogManager.getLogger(Announcement.class);

  private final Path file;
  private final DaemonRecord record;

  private Announcement(Path file, DaemonRecord record) {
    this.file = file;
    this.record = record;
  }

  /** Writes the record; over that of a process that did not come to remove its own. */
  static Announcement make(DaemonConfig config, WorkflowDirectories owned) throws IOException {
    Path file = DaemonRecord.file(owned);
    DaemonRecord record = record(config);
    AtomicFile.write(file, record.toJson());
    return new Announcement(file, record);
  }

  private static DaemonRecord record(DaemonConfig config) throws IOException {
    String version = Announcement.class.getPackage().getImplementationVersion();
    return new DaemonRecord(
        ProcessIdentity.current(),
        ReportJson.timestamp(OffsetDateTime.now()),
        version == null ? "unpackaged" : version,
        config.output().dir(),
        config.sources().dir(),
        config.sources().allowedRoots(),
        config.output().allowedRoots(),
        config.workflow().workDir(),
        config.intake().maxManifestSize().bytes(),
        config.intake().pollInterval().toMillis(),
        config.workflow().maxConcurrentJobs(),
        false,
        OptionalInt.empty(),
        ZoneId.systemDefault());
  }

  /** Says whether nothing new begins, and how many VMs are still at work then. */
  void drains(boolean on, int vmsAtWork) {
    try {
      AtomicFile.write(file, record.withDraining(on, vmsAtWork).toJson());
    } catch (IOException e) {
      LOG.warn("daemon-record-not-written file={} reason={}", file, e.toString());
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
