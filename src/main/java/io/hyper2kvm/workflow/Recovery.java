package io.hyper2kvm.workflow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Puts what a dead process left in {@code processing/} back into the drop zone, before any route
 * starts. A manifest is renamed, never copied, so it is in exactly one place at any instant.
 */
public final class Recovery {

  private static final Logger LOG = LogManager.getLogger(Recovery.class);

  private final WorkflowDirectories directories;
  private final ManifestPlaces places;

  /** A recovery of the given directories; the caller owns them. */
  public Recovery(WorkflowDirectories directories, ManifestPlaces places) {
    this.directories = directories;
    this.places = places;
  }

  /**
   * Recovers.
   *
   * @return the manifests put back, by their place in the drop zone
   */
  public List<Path> run() throws IOException {
    List<Path> leftovers;
    try (Stream<Path> files = Files.list(directories.processing())) {
      leftovers = files.sorted().toList();
    }
    List<Path> putBack = new ArrayList<>();
    for (Path file : leftovers) {
      String name = file.getFileName().toString();
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        continue;
      }
      if (name.endsWith(".status.json")
          || (name.startsWith(".") && name.endsWith(".tmp"))
          || CancelRequest.isRequest(name)) {
        Files.delete(file);
        continue;
      }
      Path place = places.reserve(directories.toBeProcessed(), ManifestFile.of(file));
      Files.move(file, place);
      places.release(place);
      putBack.add(place);
      LOG.info("recovered manifest={} to={}", name, place);
    }
    return putBack;
  }
}
