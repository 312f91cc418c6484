package io.hyper2kvm.workflow;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The request that no VM begins, for as long as it is there: the file {@code .hyper2kvm.drain} in a
 * workflow directory. Its name is the whole request, so nothing in it can be wrong, and a restart
 * of the daemon does not end it.
 *
 * @param file where it is
 */
public record DrainFile(Path file) {

  /** That of a workflow directory. */
  public static DrainFile of(WorkflowDirectories directories) {
    return new DrainFile(directories.root().resolve(".hyper2kvm.drain"));
  }

  /**
   * Whether the daemon of the directory is to begin nothing.
   *
   * @throws IOException when nobody can tell, as with a file system that does not answer
   */
  public boolean isThere() throws IOException {
    try {
      Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Asks for it; one that is there already stays. */
  public void write() throws IOException {
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
    } catch (FileAlreadyExistsException e) {
      // Asked for before.
    }
  }

  /** Ends it, if it is there. */
  public void remove() throws IOException {
    try {
      Files.delete(file);
    } catch (NoSuchFileException e) {
      // Ended before.
    }
  }
}
