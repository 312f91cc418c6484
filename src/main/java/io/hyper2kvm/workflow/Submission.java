package io.hyper2kvm.workflow;

import io.hyper2kvm.tool.ProcessIdentity;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts manifests into the drop zone: each appears complete, and replaces no other file. A name gets
 * its number by {@code link(2)}, which fails where a rename would replace; so many processes may do
 * it at once.
 */
public final class Submission {

  /** The manifest's name, then the process that moves it. */
  private static final Pattern MOVING =
      Pattern.compile("\\.(.+)\\.(\\d{1,10})-(\\d{1,18})-\\d+\\.retry");

  /** Tells apart what the threads of this process move. */
  private static final AtomicLong MOVES = new AtomicLong();

  private final WorkflowDirectories directories;
  private final Path zone;

  /** Drops into the given directories. */
  public Submission(WorkflowDirectories directories) {
    this.directories = directories;
    this.zone = directories.toBeProcessed();
  }

  /**
   * Writes a new manifest.
   *
   * @return its place: of the name, or {@code web.2.json}, {@code web.3.json} where that is taken
   */
  public Submitted write(ManifestFile name, byte[] content) throws IOException {
    Path hidden = zone.resolve(".%s.%s.tmp".formatted(name.name(), UUID.randomUUID()));
    try {
      Files.write(hidden, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      // Who may enter the folder may read it; the daemon may be another user than this one.
      Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString("rw-r--r--"));
      sync(hidden, StandardOpenOption.WRITE);
      FileIdentity identity = identity(hidden);
      Path place = name(hidden, name, false);
      settle(hidden);
      return new Submitted(place, identity);
    } catch (IOException e) {
      Files.deleteIfExists(hidden);
      throw e;
    }
  }

  /**
   * Moves a manifest here. It is in one place at any instant; between its old place and its name it
   * is a hidden file of the drop zone.
   *
   * @return where it is now
   */
  public Submitted move(Path manifest, ManifestFile name) throws IOException {
    Path hidden = hidden(name);
    Files.move(manifest, hidden, StandardCopyOption.ATOMIC_MOVE);
    Submitted dropped;
    try {
      FileIdentity identity = identity(hidden);
      dropped = new Submitted(name(hidden, name, false), identity);
    } catch (IOException e) {
      Files.move(hidden, manifest, StandardCopyOption.ATOMIC_MOVE);
      throw e;
    }
    settle(hidden);
    return dropped;
  }

  /** Whether a manifest of this name would get a number now. */
  public boolean isTaken(ManifestFile name) {
    return Files.exists(zone.resolve(name.name()), LinkOption.NOFOLLOW_LINKS);
  }

  /** A hidden name in the drop zone that no other move has, for a manifest on its way there. */
  public Path hidden(ManifestFile name) {
    ProcessIdentity process = ProcessIdentity.current();
    return zone.resolve(
        ".%s.%d-%d-%d.retry"
            .formatted(name.name(), process.pid(), process.start(), MOVES.getAndIncrement()));
  }

  /**
   * Gives a manifest its name that was moved to a {@link #hidden} one. If this process ends before,
   * {@link #finish} does it. The caller owns the directories and takes no manifest meanwhile.
   *
   * @return where it is now
   */
  public Path show(Path hidden, ManifestFile name) throws IOException {
    Path place = name(hidden, name, true);
    settle(hidden);
    return place;
  }

  /**
   * Gives the manifests their names that a process killed in {@link #move} left hidden. The caller
   * owns the directories.
   *
   * @return their places
   */
  public List<Path> finish() throws IOException {
    List<Path> named = new ArrayList<>();
    try (DirectoryStream<Path> hidden = Files.newDirectoryStream(zone, ".*.retry")) {
      for (Path file : hidden) {
        Matcher moving = MOVING.matcher(file.getFileName().toString());
        Optional<FileIdentity> identity = FileIdentity.of(file);
        if (identity.isEmpty() || !moving.matches() || isMoving(moving)) {
          continue;
        }
        // Killed after it had its name, it may have been taken and have ended meanwhile.
        if (new Jobs(directories).find(identity.get(), LocalDate.MIN).isEmpty()) {
          named.add(name(file, new ManifestFile(moving.group(1)), true));
        }
        settle(file);
      }
    }
    return named;
  }

  private static boolean isMoving(Matcher moving) {
    return ProcessIdentity.of(Long.parseLong(moving.group(2)))
        .filter(process -> process.start() == Long.parseLong(moving.group(3)))
        .isPresent();
  }

  /** The manifest has its name: the hidden one goes. */
  private void settle(Path hidden) throws IOException {
    Files.deleteIfExists(hidden);
    sync(zone, StandardOpenOption.READ);
  }

  /** Asked before the file has its name: from then on the daemon may take it. */
  private static FileIdentity identity(Path hidden) throws IOException {
    return FileIdentity.of(hidden)
        .orElseThrow(() -> new IOException("not a regular file any more: " + hidden));
  }

  /**
   * Gives the file the first name that is free.
   *
   * @param idle whether nobody takes manifests now: then hard links are not needed
   */
  private Path name(Path hidden, ManifestFile name, boolean idle) throws IOException {
    for (int n = 1; ; n++) {
      Path place = zone.resolve(name.numbered(n).name());
      if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
        continue;
      }
      try {
        Files.createLink(place, hidden);
      } catch (FileAlreadyExistsException e) {
        continue;
      } catch (NoSuchFileException e) {
        throw e;
      } catch (UnsupportedOperationException | FileSystemException e) {
        if (!idle) {
          throw new IOException("cannot make a hard link in " + zone + ": " + e.getMessage(), e);
        }
        if (!replacesOwn(hidden, place)) {
          continue;
        }
      }
      return place;
    }
  }

  /**
   * For a file system without hard links: an empty file takes the name, if it is free, and is then
   * replaced. Whoever takes manifests could take the empty one.
   */
  private static boolean replacesOwn(Path hidden, Path place) throws IOException {
    try {
      Files.createFile(place);
    } catch (FileAlreadyExistsException e) {
      return false;
    }
    try {
      Files.move(hidden, place, StandardCopyOption.REPLACE_EXISTING);
      return true;
    } catch (IOException e) {
      Files.delete(place);
      throw e;
    }
  }

  private static void sync(Path path, StandardOpenOption mode) throws IOException {
    try (FileChannel channel = FileChannel.open(path, mode)) {
      channel.force(true);
    }
  }
}
