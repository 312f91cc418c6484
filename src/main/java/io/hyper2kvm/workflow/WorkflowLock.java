package io.hyper2kvm.workflow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Makes this process the one owner of a workflow directory. The kernel gives the lock back when the
 * process ends, however it ends.
 */
public final class WorkflowLock implements AutoCloseable {

  private final FileChannel channel;

  private WorkflowLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @throws DirectoryOwnedException when another process has it
   */
  public static WorkflowLock take(WorkflowDirectories directories) throws IOException {
    Path file = directories.root().resolve(".hyper2kvm.lock");
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
      return new WorkflowLock(channel);
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw new DirectoryOwnedException(
          directories.root(), String.valueOf(ProcessHandle.current().pid()));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
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
    channel.close();
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
