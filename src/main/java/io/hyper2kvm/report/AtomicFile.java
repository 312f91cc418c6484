package io.hyper2kvm.report;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes files so that a reader, or a machine that lost its power, has the old or the new one. */
public final class AtomicFile {

  private AtomicFile() {}

  /**
   * Replaces the file's content: written beside it, synced, renamed, and the rename synced.
   *
   * @throws IOException when any of it failed; the old file is then still there, and no other
   */
  public static void write(Path file, byte[] content) throws IOException {
    Path beside = file.resolveSibling("." + file.getFileName() + ".tmp");
    try {
      // What lies there is a dead process's, or a link laid by somebody: never write through it.
      Files.deleteIfExists(beside);
      Files.write(beside, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      force(beside, StandardOpenOption.WRITE);
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      remove(beside, e);
      throw e instanceof FileSystemException ? e : named(file, e);
    }
    syncDirectory(file.getParent());
  }

  /** A failed write, unlike a failed opening, does not say of what. */
  private static IOException named(Path file, IOException failure) {
    IOException named = new FileSystemException(file.toString(), null, failure.getMessage());
    named.initCause(failure);
    return named;
  }

  private static void remove(Path half, IOException because) {
    try {
      Files.deleteIfExists(half);
    } catch (IOException notRemoved) {
      because.addSuppressed(notRemoved); // Why nothing could be written is what matters.
    }
  }

  /** Makes renames and creations in a directory survive a loss of power. */
  public static void syncDirectory(Path directory) throws IOException {
    force(directory, StandardOpenOption.READ);
  }

  /** Makes a file's content survive a loss of power. */
  public static void sync(Path file) throws IOException {
    force(file, StandardOpenOption.WRITE);
  }

  /** An interrupt would close the channel; the result of a stopped job must be written, too. */
  private static void force(Path file, OpenOption mode) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        interrupted |= Thread.interrupted();
        try (FileChannel channel = FileChannel.open(file, mode)) {
          channel.force(true);
          return;
        } catch (ClosedByInterruptException e) {
          // Once more, without the interrupt, which the caller gets back.
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
