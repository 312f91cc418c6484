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

/**
 * Somebody asks that a manifest be given up: a hidden file {@code .<manifest>.cancel} in {@code
 * processing/}, whether the manifest is there or still waiting. It names the manifest by what a
 * rename keeps, so that the daemon may meanwhile take it, under another name even, and no later
 * manifest of the same name is meant by it.
 *
 * @param file the request's own file
 * @param manifest which file is meant
 */
public record CancelRequest(Path file, FileIdentity manifest) {

  private static final String ENDING = ".cancel";
  private static final int MAX_BYTES = 256;

  /** Whether a file of this name in {@code processing/} is a request. */
  public static boolean isRequest(String name) {
    return name.startsWith(".") && name.endsWith(ENDING);
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

  /** All requests; what only looks like one is removed. */
  public static List<CancelRequest> all(WorkflowDirectories directories) throws IOException {
    List<CancelRequest> found = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(
            directories.processing(), path -> isRequest(path.getFileName().toString()))) {
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

  /** Whether nobody has taken it yet. */
  public boolean isPending() {
    return Files.exists(file);
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
