package io.hyper2kvm.daemon.log;

import io.hyper2kvm.config.value.DataSize;
import io.hyper2kvm.workflow.ManifestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The logs of the manifests that are at work, each beside its manifest. That a log cannot be
 * written fails no manifest.
 */
public final class JobLogs implements AutoCloseable {

  private static final Logger LOG = LogManager.getLogger(JobLogs.class);

  private final long most;
  private final Map<String, JobLog> open = new ConcurrentHashMap<>();

  private JobLogs(long most) {
    this.most = most;
  }

  /** Writes no logs. */
  public static JobLogs none() {
    return new JobLogs(0);
  }

  /**
   * Writes logs of the lines that are logged from now on with the mark of a manifest.
   *
   * @param most how large each may become; with zero none is written
   */
  public static JobLogs of(DataSize most) {
    JobLogs logs = new JobLogs(most.bytes());
    if (most.bytes() > 0) {
      JobLogAppender.attach(logs);
    }
    return logs;
  }

  /**
   * Begins or continues the log of a manifest.
   *
   * @param manifest its place in {@code processing/}
   */
  public void begin(Path manifest) {
    if (most == 0) {
      return;
    }
    try {
      open.put(JobMarks.job(manifest), JobLog.open(file(manifest), most));
    } catch (IOException e) {
      LOG.warn("job-log-not-written manifest={} reason={}", manifest.getFileName(), e.toString());
    }
  }

  /** Moves the log of a manifest; it may still be written afterwards. */
  public void move(Path manifest, Path to) {
    if (!open.containsKey(JobMarks.job(manifest))) {
      return;
    }
    try {
      Files.move(file(manifest), to);
    } catch (IOException e) {
      LOG.warn("job-log-not-moved manifest={} reason={}", manifest.getFileName(), e.toString());
    }
  }

  /** The name of the log beside a manifest. */
  public static Path file(Path manifest) {
    return manifest.resolveSibling(ManifestFile.of(manifest).log());
  }

  /** The manifest has left {@code processing/}: nothing more is written. */
  public void end(Path manifest) {
    JobLog log = open.remove(JobMarks.job(manifest));
    if (log != null) {
      close(log);
    }
  }

  private static void close(JobLog log) {
    try {
      log.close();
    } catch (IOException e) {
      LOG.debug("job-log-not-closed reason={}", e.toString());
    }
  }

  /** Adds a line to the log of a manifest; to none when there is no log of it. */
  void add(String job, byte[] line) {
    JobLog log = open.get(job);
    if (log != null) {
      try {
        log.add(line);
      } catch (IOException e) {
        // A full disk: the daemon's log has the line. To log that would come here again.
        return;
      }
    }
  }

  /** Closes what is open. */
  @Override
  public void close() {
    if (most > 0) {
      JobLogAppender.detach(this);
    }
    open.values().forEach(JobLogs::close);
    open.clear();
  }
}
