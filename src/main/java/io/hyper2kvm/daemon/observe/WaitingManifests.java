package io.hyper2kvm.daemon.observe;

import io.hyper2kvm.workflow.DropName;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The manifests in the drop zone.
 *
 * @param count how many
 * @param oldest how long the first of those has been there that do not wait for their time; zero
 *     when there is none
 */
record WaitingManifests(long count, Duration oldest) {

  private static final String KIND = "isRegularFile";
  private static final String SINCE = "ctime";

  /**
   * Counts them.
   *
   * @param scheduled which of them wait for their time, by their names
   * @throws IOException when the folder cannot be read
   */
  static WaitingManifests in(Path dropZone, Predicate<String> scheduled, Clock clock)
      throws IOException {
    long count = 0;
    Instant now = clock.instant();
    Instant first = now;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(dropZone)) {
      for (Path file : files) {
        if (!DropName.isManifest(file.getFileName().toString())) {
          continue;
        }
        Map<String, Object> facts;
        try {
          // The time of the last rename: a manifest that is moved back keeps its older mtime.
          facts =
              Files.readAttributes(
                  file, "unix:%s,%s".formatted(KIND, SINCE), LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
          continue; // It was taken just now.
        }
        if (Boolean.TRUE.equals(facts.get(KIND))) {
          count++;
          Instant since = ((FileTime) facts.get(SINCE)).toInstant();
          boolean earlier = since.isBefore(first);
          first = earlier && !scheduled.test(file.getFileName().toString()) ? since : first;
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return new WaitingManifests(count, Duration.between(first, now));
  }
}
