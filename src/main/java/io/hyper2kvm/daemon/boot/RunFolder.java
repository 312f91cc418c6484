package io.hyper2kvm.daemon.boot;

import io.hyper2kvm.stage.cleanup.OrphanJobs;
import io.hyper2kvm.tool.FolderRemoval;
import io.hyper2kvm.tool.OrphanProcesses;
import io.hyper2kvm.tool.ToolUser;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The private folder of one run without a daemon. It is locked while its process lives. A later run
 * that finds it unlocked knows that its process was killed, and cleans up after it.
 */
final class RunFolder implements AutoCloseable {

  private static final Logger LOG = LogManager.getLogger(RunFolder.class);
  private static final String PREFIX = "hyper2kvm-";
  private static final String LOCK = "lock";
  private static final String WORK = "work";
  private static final String PRIVATE = "rwx------";
  private static final int WRITABLE_BY_OTHERS = 022;
  private static final Duration TOOLS_END = Duration.ofSeconds(30);

  private final Path path;
  private final FileChannel channel;

  private RunFolder(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** Makes one below a directory that others may write to, like {@code /var/tmp}. */
  static RunFolder make(Path parent) throws IOException {
    Path path =
        Files.createTempDirectory(
            parent,
            PREFIX,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE)));
    Files.createDirectory(path.resolve(WORK));
    Path beside = path.resolve(LOCK + ".tmp");
    FileChannel channel =
        FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      channel.lock();
      // It gets its name only now, so that no other run finds it without its lock.
      Files.move(beside, path.resolve(LOCK), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      channel.close();
      removeTree(path);
      throw e;
    }
    return new RunFolder(path, channel);
  }

  /** The folder itself; its name marks the run's tools. */
  Path path() {
    return path;
  }

  /** Where the overlays go. */
  Path work() {
    return path.resolve(WORK);
  }

  /** Lets the tools reach what is made for them below {@link #work}. */
  void open(ToolUser user) throws IOException {
    user.openFolder(path);
    user.openFolder(work());
  }

  /** Removes it with all that is in it. */
  @Override
  public void close() throws IOException {
    try (channel) {
      removeTree(path);
    }
  }

  /**
   * Ends the tools of runs of this user that were killed, and removes what they left here and
   * beside their outputs. What cannot be removed stays, and the log says so.
   */
  void removeOthersLeft() throws IOException {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(path.getParent(), PREFIX + "*")) {
      for (Path folder : folders) {
        try {
          if (!folder.equals(path) && isPrivate(folder)) {
            removeIfLeft(folder);
          }
        } catch (IOException e) {
          LOG.warn("leftover-not-removed path={} reason={}", folder, e.toString());
        }
      }
    }
  }

  private static void removeIfLeft(Path folder) throws IOException {
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve(LOCK), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        FileLock lock = channel.tryLock()) {
      if (lock == null) {
        return;
      }
      OrphanJobs jobs = new OrphanJobs(folder.resolve(WORK));
      new OrphanProcesses(folder.getFileName().toString(), jobs.tools()).end(TOOLS_END);
      jobs.remove();
      removeTree(folder);
      LOG.info("leftover-removed path={} reason=its run was killed", folder);
    } catch (OverlappingFileLockException e) {
      // Another run in this very process.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Made by this user, and writable by nobody else: what its records say is true. */
  private boolean isPrivate(Path folder) throws IOException {
    Map<String, Object> attributes =
        Files.readAttributes(folder, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
    Object self = Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
        && ((Integer) attributes.get("mode") & WRITABLE_BY_OTHERS) == 0
        && attributes.get("uid").equals(self)
        && Files.isRegularFile(folder.resolve(LOCK), LinkOption.NOFOLLOW_LINKS);
  }

  private static void removeTree(Path root) {
    try {
      FolderRemoval.empty(root);
      Files.delete(root);
    } catch (IOException | DirectoryIteratorException e) {
      if (Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
        LOG.warn("not-removed path={} reason={}", root, e.toString());
      }
    }
  }
}
