package io.hyper2kvm.workflow;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * A request to cancel a manifest: a hidden file {@code .<manifest>.cancel} in {@code processing/},
 * whether the manifest is there or still waiting. It names the manifest by what a rename keeps, so
 * that the daemon may meanwhile take it, under another name even, and no later manifest of the same
 * name is meant by it.
 *
 * @param file the request's own file
 * @param manifest which file is meant
 */
public record CancelRequest(Path file, FileIdentity manifest) {

  private static final String ENDING = ".cancel";
  private static final String HEARD = ".heard";
  private static final int MAX_BYTES = 256;

  /** Whether a file of this name in {@code processing/} is a request, heard or not. */
  public static boolean isRequest(String name) {
    return name.startsWith(".") && (name.endsWith(ENDING) || name.endsWith(HEARD));
  }

  /**
   * Writes a request; one for the same name that is there is replaced.
   *
   * @param name the manifest's name, where it is now
   */
  public static CancelRequest write(
      WorkflowDirectories directories, String name, FileIdentity manifest) throws IOException {
    Path file = directories.processing().resolve("." + name + ENDING);
    Path beside = file.resolveSibling(".%s.%s.tmp".formatted(name, UUID.randomUUID()));
    Files.writeString(beside, manifest.text() + "\n", StandardOpenOption.CREATE_NEW);
    try {
      // Whoever asks, the daemon's user must be able to read it.
      Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString("rw-r--r--"));
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.deleteIfExists(beside);
      throw e;
    }
    return new CancelRequest(file, manifest);
  }

  /** The requests that nobody has heard; what only looks like one is removed. */
  public static List<CancelRequest> pending(WorkflowDirectories directories) throws IOException {
    return read(directories, name -> isRequest(name) && name.endsWith(ENDING));
  }

  /** All requests, heard or not; what only looks like one is removed. */
  public static List<CancelRequest> all(WorkflowDirectories directories) throws IOException {
    return read(directories, CancelRequest::isRequest);
  }

  private static List<CancelRequest> read(WorkflowDirectories directories, Predicate<String> wanted)
      throws IOException {
    List<CancelRequest> found = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(
            directories.processing(), path -> wanted.test(path.getFileName().toString()))) {
      for (Path file : files) {
        Optional<FileIdentity> manifest = read(file);
        if (manifest.isPresent()) {
          found.add(new CancelRequest(file, manifest.get()));
        } else {
          Files.deleteIfExists(file);
        }
      }
    }
    return found;
  }

  private static Optional<FileIdentity> read(Path file) {
    try {
      String text = new String(SmallFile.read(file, MAX_BYTES), StandardCharsets.US_ASCII);
      return FileIdentity.parse(text.strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Which of these manifests is meant; empty when none is. */
  public Optional<Job> among(List<Job> jobs) throws IOException {
    for (Job job : jobs) {
      if (manifest.isAt(job.manifest())) {
        return Optional.of(job);
      }
    }
    return Optional.empty();
  }

  /** Whether the manifest was being given up already. */
  public boolean isHeard() {
    return file.getFileName().toString().endsWith(HEARD);
  }

  /** Whether nobody has heard it yet. */
  public boolean isPending() {
    return Files.exists(file);
  }

  /**
   * The manifest is being given up. The request stays, under another name, until the manifest has
   * ended, so that it holds when the daemon is killed before.
   *
   * @return the request as it stands now
   */
  public CancelRequest heard() throws IOException {
    String name = file.getFileName().toString();
    String stem = name.substring(0, name.length() - ENDING.length());
    Path now = file.resolveSibling(stem + HEARD);
    Files.move(file, now, StandardCopyOption.ATOMIC_MOVE);
    return new CancelRequest(now, manifest);
  }

  /** Takes the request away. */
  public void remove() throws IOException {
    try {
      Files.delete(file);
    } catch (NoSuchFileException e) {
      // Taken by the other side, which is just as well.
    }
  }
}
