package io.hyper2kvm.workflow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * Gives each manifest a place of its own in {@code processing/}, {@code processed/} and {@code
 * failed/}. A place stays reserved until it is released, so two manifests never get the same one,
 * and a place is free only when neither the manifest nor a file about it is there.
 */
public final class ManifestPlaces {

  private final Set<Path> reserved = new HashSet<>();

  /**
   * Reserves a place in a folder, which is created when missing.
   *
   * @param folder where the manifest shall go
   * @param original the name as it was dropped
   * @return the manifest's path there: the original name, or {@code web.2.json}, {@code web.3.json}
   */
  public synchronized Path reserve(Path folder, ManifestFile original) throws IOException {
    Files.createDirectories(folder);
    for (int n = 1; ; n++) {
      ManifestFile candidate = original.numbered(n);
      Path place = folder.resolve(candidate.name());
      // web.json and web.yaml would have one retry manifest, which is a manifest's place, too.
      Path retry = folder.resolve(candidate.retry());
      boolean taken = reserved.contains(place) || reserved.contains(retry);
      if (!taken && isFree(folder, candidate)) {
        reserved.add(place);
        reserved.add(retry);
        return place;
      }
    }
  }

  /** Ends a reservation. A file that is there by now keeps the place. */
  public synchronized void release(Path place) {
    reserved.remove(place);
    reserved.remove(place.resolveSibling(ManifestFile.of(place).retry()));
  }

  private static boolean isFree(Path folder, ManifestFile file) {
    return isFree(folder.resolve(file.name()))
        && isFree(folder.resolve(file.status()))
        && isFree(folder.resolve(file.log()))
        && file.results().stream().allMatch(name -> isFree(folder.resolve(name)));
  }

  private static boolean isFree(Path path) {
    return !Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }
}
