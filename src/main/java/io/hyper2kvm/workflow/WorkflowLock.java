package io.hyper2kvm.workflow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes this process the one owner of a workflow directory. The kernel gives the lock back when the
 * process ends, however it ends.
 */
public final class WorkflowLock implements AutoCloseable {

  /**
   * What this process owns. A second attempt must not even open the file: closing any channel of it
   * would give the kernel's lock away.
   */
  private static final Set<Path> OWNED = ConcurrentHashMap.newKeySet();

  private static final String FILE = ".hyper2kvm.lock";

  private final Path file;
  private final FileChannel channel;

  private WorkflowLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @throws DirectoryOwnedException when another process, or this one, has it
   */
  public static WorkflowLock take(WorkflowDirectories directories) throws IOException {
    Path file = directories.root().toRealPath().resolve(FILE);
    if (!OWNED.add(file)) {
      throw new DirectoryOwnedException(
          directories.root(), String.valueOf(ProcessHandle.current().pid()));
    }
    try {
      return new WorkflowLock(file, lock(directories, file));
    } catch (IOException e) {
      OWNED.remove(file);
      throw e;
    }
  }

  /**
   * The process that owns a workflow directory now; takes nothing.
   *
   * @return its number, or {@code unknown}; empty when nobody owns the directory
   */
  public static Optional<String> owner(WorkflowDirectories directories) throws IOException {
    if (!Files.exists(directories.root())) {
      return Optional.empty();
    }
    Path file = directories.root().toRealPath().resolve(FILE);
    if (OWNED.contains(file)) {
      return Optional.of(String.valueOf(ProcessHandle.current().pid()));
    }
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    // A shared lock is refused as long as the owner has its own, and needs no right to write.
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
      return lock == null ? Optional.of(owner(file)) : Optional.empty();
    }
  }

  private static FileChannel lock(WorkflowDirectories directories, Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw new DirectoryOwnedException(directories.root(), owner(file));
      }
      channel.truncate(0);
      String pid = ProcessHandle.current().pid() + "\n";
      channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
      channel.force(true);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Names the workflow directory: the same at every start, and no other one's on this machine. It
   * is the lock file's place on its file system, so there is nothing to store and to lose.
   */
  public String id() throws IOException {
    Map<String, Object> attributes = Files.readAttributes(file, "unix:dev,ino");
    return "%s-%s".formatted(attributes.get("dev"), attributes.get("ino"));
  }

  private static String owner(Path file) {
    try {
      String text = Files.readString(file).strip();
      return text.matches("\\d{1,10}") ? text : "unknown";
    } catch (IOException e) {
      return "unknown";
    }
  }

  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      channel.close();
      OWNED.remove(file);
    }
  }

  /** Another daemon owns the workflow directory. */
  public static final class DirectoryOwnedException extends IOException {
    private DirectoryOwnedException(Path root, String pid) {
      super(
          "%s belongs to the running process %s: stop that one, or use another directory"
              .formatted(root, pid));
    }
  }
}
