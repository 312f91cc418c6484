package io.hyper2kvm.stage.cleanup;

import io.hyper2kvm.report.AtomicFile;
import io.hyper2kvm.signature.AttestationFile;
import io.hyper2kvm.stage.JobRecord;
import io.hyper2kvm.stage.VmDisk;
import io.hyper2kvm.stage.provenance.ProvenanceFile;
import io.hyper2kvm.tool.FolderRemoval;
import io.hyper2kvm.tool.ProcessIdentity;
import io.hyper2kvm.tool.ToolRecord;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The directories that jobs of dead processes left in the work directory, and their part files
 * elsewhere. The orphan processes must have ended before {@link #remove} is called.
 */
public final class OrphanJobs {

  private static final Logger LOG = LogManager.getLogger(OrphanJobs.class);
  private static final Pattern DIRECTORY = Pattern.compile(".+\\.(\\d{1,10})-\\d+");

  private final Path workDir;

  /** The jobs below a work directory. */
  public OrphanJobs(Path workDir) {
    this.workDir = workDir;
  }

  /** The tools that these jobs recorded; they may have ended since. */
  public List<ProcessIdentity> tools() throws IOException {
    List<ProcessIdentity> tools = new ArrayList<>();
    for (Path directory : directories()) {
      tools.addAll(ToolRecord.read(directory));
    }
    return tools;
  }

  /** Removes what they left; outputs that had begun to get their names get all of them. */
  public void remove() throws IOException {
    for (Path directory : directories()) {
      Optional<JobRecord> record = JobRecord.read(directory);
      if (record.isPresent()) {
        finish(directory, record.get());
        removeHalfProvenance(record.get());
      }
      try {
        removeTree(directory);
        LOG.info("leftover-removed path={}", directory);
      } catch (IOException | DirectoryIteratorException e) {
        // What a tool left there must not keep the daemon from its work for ever.
        LOG.warn("leftover-not-removed path={} reason={}", directory, e.toString());
      }
    }
  }

  private List<Path> directories() throws IOException {
    List<Path> left = new ArrayList<>();
    try (Stream<Path> entries = Files.list(workDir)) {
      for (Path entry : entries.sorted().toList()) {
        Matcher matcher = DIRECTORY.matcher(entry.getFileName().toString());
        if (matcher.matches()
            && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
            && isLeft(entry, Long.parseLong(matcher.group(1)))) {
          left.add(entry);
        }
      }
    }
    return left;
  }

  /** Another daemon may use the same work directory: what it works on is not touched. */
  private static boolean isLeft(Path directory, long pid) throws IOException {
    Optional<JobRecord> record = JobRecord.read(directory);
    if (record.isPresent()) {
      ProcessIdentity process = record.get().process();
      return process.pid() == ProcessHandle.current().pid() || !process.isAlive();
    }
    // Killed before the record was written. This process has not begun a job yet.
    return pid == ProcessHandle.current().pid() || ProcessIdentity.of(pid).isEmpty();
  }

  private static void finish(Path directory, JobRecord record) throws IOException {
    if (record.naming() && canName(directory, record)) {
      for (JobRecord.Output output : record.outputs()) {
        if (isOurs(directory, output)) {
          Files.move(
              output.part(),
              output.target(),
              StandardCopyOption.ATOMIC_MOVE,
              StandardCopyOption.REPLACE_EXISTING);
          AtomicFile.syncDirectory(output.target().getParent());
          LOG.info("output-named path={} reason=its VM was complete", output.target());
        }
      }
      return;
    }
    for (JobRecord.Output output : record.outputs()) {
      if (isOurs(directory, output)) {
        Files.delete(output.part());
        LOG.info("half-output-removed path={}", output.part());
      } else if (Files.exists(output.part(), LinkOption.NOFOLLOW_LINKS)) {
        LOG.warn("half-output-left path={} reason=it is not a file of ours", output.part());
      }
    }
  }

  /**
   * Killed while the record beside the outputs, or its signature, was written; nobody else has that
   * name.
   */
  private static void removeHalfProvenance(JobRecord record) throws IOException {
    for (JobRecord.Output output : record.outputs().stream().limit(1).toList()) {
      Path target = output.target();
      for (Path file : List.of(ProvenanceFile.of(target), AttestationFile.beside(target))) {
        Path half = file.resolveSibling("." + file.getFileName() + ".tmp");
        if (Files.isRegularFile(half, LinkOption.NOFOLLOW_LINKS)) {
          Files.delete(half);
        }
      }
    }
  }

  /** The VM was checked and synced: every output must have its name or be able to get it. */
  private static boolean canName(Path directory, JobRecord record) throws IOException {
    for (JobRecord.Output output : record.outputs()) {
      boolean named = Files.isRegularFile(output.target(), LinkOption.NOFOLLOW_LINKS);
      boolean waits = isOurs(directory, output);
      boolean free = !Files.exists(output.target(), LinkOption.NOFOLLOW_LINKS);
      if (waits ? !(free || named && output.overwrite()) : !named) {
        return false;
      }
    }
    return true;
  }

  /** A regular file, named as this job names its parts, in the very folder it was made in. */
  private static boolean isOurs(Path directory, JobRecord.Output output) throws IOException {
    Path part = output.part();
    Path parent = part.getParent();
    return parent != null
        && part.isAbsolute()
        && part.equals(VmDisk.partOf(output.target(), directory))
        && Files.isRegularFile(part, LinkOption.NOFOLLOW_LINKS)
        && parent.toRealPath().equals(parent);
  }

  private static void removeTree(Path directory) throws IOException {
    // The record goes last but for its folder: killed meanwhile, the next start begins anew.
    FolderRemoval.empty(directory, JobRecord.FILE);
    Files.deleteIfExists(directory.resolve(JobRecord.FILE));
    Files.delete(directory);
  }
}
