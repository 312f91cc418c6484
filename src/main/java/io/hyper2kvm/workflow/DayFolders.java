package io.hyper2kvm.workflow;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The folders of {@code processed/} and {@code failed/}, one a day, and their end. Only files whose
 * names are a manifest's or made of one are removed, and a folder only when nothing else is in it.
 */
public final class DayFolders {

  private static final Logger LOG = LogManager.getLogger(DayFolders.class);
  private static final List<String> ENDINGS = List.of(".json", ".yaml", ".yml");

  /** A picture beside a report. */
  private static final Pattern SCREEN =
      Pattern.compile(".+\\.(json|yaml|yml)\\.screen-\\d{1,5}\\.png");

  private final Path folder;
  private final Clock clock;

  /**
   * The days of a folder.
   *
   * @param folder {@code processed/} or {@code failed/}
   */
  public DayFolders(Path folder, Clock clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /**
   * Removes the days that ended longer ago than the given time. What cannot be removed is named in
   * the log and stays.
   *
   * @return how many files were removed
   */
  public int removeOlderThan(Duration age) throws IOException {
    LocalDate first = LocalDate.now(clock).minusDays(age.toDays());
    int removed = 0;
    for (Path day : list(folder)) {
      Optional<LocalDate> date = date(day);
      if (date.isPresent() && date.get().isBefore(first)) {
        removed += remove(day);
      }
    }
    return removed;
  }

  private static int remove(Path day) throws IOException {
    int removed = 0;
    for (Path file : list(day)) {
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && isOurs(file)) {
        try {
          Files.delete(file);
          removed++;
        } catch (FileSystemException e) {
          LOG.warn("not-removed path={} reason={}", file, e.toString());
        }
      }
    }
    try {
      Files.delete(day);
    } catch (DirectoryNotEmptyException e) {
      LOG.warn("not-removed path={} reason=something else is in it", day);
    } catch (FileSystemException e) {
      LOG.warn("not-removed path={} reason={}", day, e.toString());
    }
    LOG.info("day-removed path={} files={}", day, removed);
    return removed;
  }

  private static boolean isOurs(Path file) {
    String name = file.getFileName().toString();
    return ENDINGS.stream().anyMatch(name::endsWith)
        || SCREEN.matcher(name).matches()
        || ManifestFile.isLog(name)
        || ManifestFile.isSignature(name);
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }

  /** The date that a folder is named after; empty for anything else. */
  static Optional<LocalDate> date(Path folder) {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try {
      return Optional.of(LocalDate.parse(folder.getFileName().toString()));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
