package io.hyper2kvm.view;

import io.hyper2kvm.workflow.Jobs;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The ended manifests of each day, the latest first. A day is listed again only when one of its
 * folders has changed, which its time of modification tells; so a look at many ended manifests is
 * cheap, and still sees what others put there or take away.
 */
public final class EndedDays {

  /** No more are kept, in all days together; the days that were asked for last stay. */
  private static final int MOST_KEPT = 50_000;

  /** A folder that changed less long ago may change again within one tick of its clock. */
  private static final Duration SETTLED = Duration.ofSeconds(1);

  private record Listing(Instant processed, Instant failed, Instant taken, List<Placed> ended) {

    boolean isOf(Instant processedNow, Instant failedNow) {
      Instant latest = processed.isAfter(failed) ? processed : failed;
      return processed.equals(processedNow)
          && failed.equals(failedNow)
          && Duration.between(latest, taken).compareTo(SETTLED) > 0;
    }
  }

  private final WorkflowDirectories directories;
  private final Jobs jobs;
  private final Map<LocalDate, Listing> listings = new LinkedHashMap<>(16, 0.75f, true);

  /** The days of the given directories. */
  public EndedDays(WorkflowDirectories directories) {
    this.directories = directories;
    this.jobs = new Jobs(directories);
  }

  /** The days on which manifests ended, the latest first. */
  public List<LocalDate> days() throws IOException {
    return jobs.days();
  }

  /** The manifests that ended on a day, the latest first. */
  public synchronized List<Placed> of(LocalDate day) throws IOException {
    Instant processed = modified(WorkflowDirectories.day(directories.processed(), day));
    Instant failed = modified(WorkflowDirectories.day(directories.failed(), day));
    Listing kept = listings.get(day);
    if (kept != null && kept.isOf(processed, failed)) {
      return kept.ended();
    }
    Instant taken = Instant.now();
    List<Placed> ended =
        jobs.ended(day).stream()
            .map(Placed::of)
            .sorted(
                Comparator.comparing(Placed::since)
                    .reversed()
                    .thenComparing((Placed placed) -> placed.job().file().name())
                    .thenComparing((Placed placed) -> placed.job().manifest()))
            .toList();
    listings.put(day, new Listing(processed, failed, taken, ended));
    forgetOldest(day);
    return ended;
  }

  private void forgetOldest(LocalDate butNot) {
    int all = listings.values().stream().mapToInt(listing -> listing.ended().size()).sum();
    var oldest = listings.entrySet().iterator();
    while (all > MOST_KEPT && oldest.hasNext()) {
      Map.Entry<LocalDate, Listing> entry = oldest.next();
      if (!entry.getKey().equals(butNot)) {
        all -= entry.getValue().ended().size();
        oldest.remove();
      }
    }
  }

  private static Instant modified(Path folder) throws IOException {
    try {
      return Files.getLastModifiedTime(folder, LinkOption.NOFOLLOW_LINKS).toInstant();
    } catch (NoSuchFileException e) {
      return Instant.EPOCH;
    }
  }
}
