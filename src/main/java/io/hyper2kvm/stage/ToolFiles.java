package io.hyper2kvm.stage;

import io.hyper2kvm.tool.ToolUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

/**
 * The files that a VM's job shares with its tools. Where these run as another user, the job's
 * folder stays the daemon's: the tools can write to the files that were made for them here, and
 * replace none, so the daemon may open each by its name. Only {@link #scratch} is the tools' own,
 * and the daemon opens nothing there.
 */
public final class ToolFiles {

  private static final String SCRATCH = "tmp";

  private final Path directory;
  private final ToolUser user;

  /**
   * The files of a job.
   *
   * @param directory the job's own folder; absolute
   */
  public ToolFiles(Path directory, ToolUser user) {
    this.directory = directory;
    this.user = user;
  }

  /** The user that the tools run as. */
  public ToolUser user() {
    return user;
  }

  /** Where the tools put their own temporary files and sockets. */
  public Path scratch() {
    return user.isOther() ? directory.resolve(SCRATCH) : directory;
  }

  /** Gets the job's folder ready, with all that the daemon has put into it for the tools. */
  public void open() throws IOException {
    if (!user.isOther()) {
      return;
    }
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : tree.toList()) {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          user.openFolder(path);
        } else {
          user.give(path);
        }
      }
    }
    user.makeFolder(scratch());
  }

  /** A folder below the job's own, for files that the tools write or read. */
  public Path folder(Path folder) {
    try {
      Files.createDirectories(folder);
      user.openFolder(folder);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file that a tool will write; what is there now goes. */
  public Path toWrite(Path file) {
    try {
      if (user.isOther()) {
        Files.deleteIfExists(file);
        user.makeFile(file);
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a file that a tool will read. */
  public Path toRead(Path file, byte[] content) {
    try {
      Files.write(file, content);
      user.give(file);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Lets the tools read a file of the daemon's that nobody else may read. Where they run as another
   * user, they get a copy, which {@link #withdraw} removes.
   *
   * @param original the file, which the daemon itself has read
   * @param copy where the copy goes, below the job's own folder
   */
  public Path lend(Path original, Path copy, byte[] content) {
    if (!user.isOther()) {
      return original;
    }
    try {
      Files.deleteIfExists(copy);
      Files.createFile(
          copy, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(copy, content);
      user.give(copy);
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes a copy that was lent. */
  public void withdraw(Path copy) {
    if (user.isOther()) {
      try {
        Files.deleteIfExists(copy);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Whether a tool wrote anything to the file. */
  public static boolean isWritten(Path file) {
    return file.toFile().length() > 0;
  }
}
