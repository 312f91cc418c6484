package io.hyper2kvm.daemon.intake;

import io.hyper2kvm.manifest.schedule.Schedule;
import io.hyper2kvm.manifest.schedule.Timing;
import io.hyper2kvm.workflow.DropZone;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The manifests that wait in the drop zone, with when and in which order they may be taken. Each is
 * read once, and again when it was changed; the folder is listed anew after a pause in proportion
 * to how long that took. The poller's thread alone changes anything here.
 */
public final class WaitingQueue {

  private static final Logger LOG = LogManager.getLogger(WaitingQueue.class);

  /** With more that may be taken, the file consumer would look at every file to find the oldest. */
  private static final int SORTED = 2_000;

  /** So many are known at once; the others are when these are gone. */
  private static final int MOST = 200_000;

  /** So many times as long as a listing took, none is made. */
  private static final int PAUSE = 20;

  private static final long LONGEST_PAUSE = Duration.ofSeconds(10).toNanos();

  /** How long a look reads manifests that are new, before the known ones have their turn. */
  private static final long READING = Duration.ofMillis(200).toNanos();

  /**
   * A manifest that waits.
   *
   * @param timing what it says of itself
   * @param modified when it was written, in milliseconds since 1970
   * @param size in bytes
   * @param key its number in its file system
   */
  private record Entry(Timing timing, long modified, long size, Object key) {

    static Entry of(Timing timing, BasicFileAttributes attributes) {
      return new Entry(
          timing,
          attributes.lastModifiedTime().toMillis(),
          attributes.size(),
          attributes.fileKey());
    }

    boolean isOf(BasicFileAttributes attributes) {
      return modified == attributes.lastModifiedTime().toMillis()
          && size == attributes.size()
          && attributes.fileKey().equals(key);
    }
  }

  private static final Entry UNKNOWN = new Entry(Timing.NONE, 0, 0, "");

  private record Unread(Path file, BasicFileAttributes attributes) {}

  private record Candidate(String name, Entry entry) {}

  private static final Comparator<Candidate> ORDER =
      Comparator.comparing((Candidate one) -> one.entry().timing().priority())
          .reversed()
          .thenComparing(one -> one.entry().modified())
          .thenComparing(Candidate::name);

  private final Path folder;
  private final DropZone dropZone;
  private final Function<Path, Timing> timings;
  private final Holds holds;
  private final Predicate<String> held;
  private final LongSupplier nanos;
  private final Deque<Unread> unread = new ArrayDeque<>();
  private final Map<Schedule, Schedule> schedules = new HashMap<>();
  private volatile Map<String, Entry> known = new ConcurrentHashMap<>();
  private volatile Predicate<String> chosen = name -> false;
  private Set<String> asked = Set.of();
  private boolean full;
  private Optional<Long> nextListing = Optional.empty();

  /**
   * A queue that knows nothing yet.
   *
   * @param folder the drop zone
   * @param dropZone which of its files are manifests
   * @param timings what a manifest says of its time
   * @param holds whether a schedule lets a manifest be taken
   * @param held whether one that was taken from this path is still at work
   * @param nanos a clock that nobody sets, in nanoseconds
   */
  public WaitingQueue(
      Path folder,
      DropZone dropZone,
      Function<Path, Timing> timings,
      Holds holds,
      Predicate<String> held,
      LongSupplier nanos) {
    this.folder = folder;
    this.dropZone = dropZone;
    this.timings = timings;
    this.holds = holds;
    this.held = held;
    this.nanos = nanos;
  }

  /**
   * Looks, and chooses which manifests the next poll takes.
   *
   * @param most how many it may take
   * @return how many it finds
   * @throws IOException when the folder cannot be read
   */
  int choose(int most) throws IOException {
    if (!holds.takesManifests()) {
      asked = Set.of();
      chosen = name -> false;
      return 0;
    }
    boolean missed = asked.stream().anyMatch(known::containsKey);
    if (unread.isEmpty() && (missed || isDue())) {
      list();
    }
    read();
    Map<Schedule, Boolean> open = new IdentityHashMap<>();
    List<Candidate> ready = new ArrayList<>();
    // One whose namesake is at work cannot be taken, and must not stand in the way of others.
    String here = folder.toAbsolutePath() + File.separator;
    known.forEach(
        (name, entry) -> {
          if (open.computeIfAbsent(entry.timing().schedule(), holds::mayBeTaken)
              && !held.test(here + name)) {
            ready.add(new Candidate(name, entry));
          }
        });
    if (ready.size() <= SORTED) {
      ready.sort(ORDER);
      asked =
          ready.stream().map(Candidate::name).limit(most).collect(Collectors.toUnmodifiableSet());
      chosen = asked::contains;
      return asked.size();
    }
    int highest = ready.stream().mapToInt(one -> one.entry().timing().priority()).max().orElse(0);
    asked = Set.of();
    chosen =
        name -> {
          Entry entry = known.get(name);
          return entry != null
              && entry.timing().priority() == highest
              && holds.mayBeTaken(entry.timing().schedule());
        };
    long equal = ready.stream().filter(one -> one.entry().timing().priority() == highest).count();
    return (int) Math.min(most, equal);
  }

  private boolean isDue() {
    return nextListing.isEmpty() || nanos.getAsLong() - nextListing.get() >= 0;
  }

  private void list() throws IOException {
    long began = nanos.getAsLong();
    Map<String, Entry> before = known;
    Map<String, Entry> now = new ConcurrentHashMap<>(before.size() * 2);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Optional<BasicFileAttributes> attributes = dropZone.look(file);
        if (attributes.isPresent() && isRoom(now.size() + unread.size())) {
          String name = file.getFileName().toString();
          Entry entry = before.get(name);
          if (entry != null && entry.isOf(attributes.get())) {
            now.put(name, entry);
          } else {
            unread.add(new Unread(file, attributes.get()));
          }
        }
      }
    } catch (DirectoryIteratorException e) {
      unread.clear();
      throw e.getCause();
    }
    known = now;
    if (!schedules.isEmpty()) {
      schedules
          .keySet()
          .retainAll(
              now.values().stream()
                  .map(entry -> entry.timing().schedule())
                  .collect(Collectors.toSet()));
    }
    long ended = nanos.getAsLong();
    nextListing = Optional.of(ended + Math.min(LONGEST_PAUSE, PAUSE * (ended - began)));
  }

  private boolean isRoom(int held) {
    if (held < MOST) {
      return true;
    }
    if (!full) {
      full = true; // Logged once.
      LOG.warn(
          "drop-zone-full manifests={} meaning=further ones are not looked at before these are gone",
          MOST);
    }
    return false;
  }

  private void read() {
    long began = nanos.getAsLong();
    while (!unread.isEmpty() && nanos.getAsLong() - began < READING) {
      Unread next = unread.remove();
      Timing timing = shared(timings.apply(next.file()));
      known.put(next.file().getFileName().toString(), Entry.of(timing, next.attributes()));
    }
  }

  /** Equal schedules are one object, so that many manifests with one window are judged at once. */
  private Timing shared(Timing timing) {
    if (timing.equals(Timing.NONE)) {
      return Timing.NONE;
    }
    Schedule one = schedules.computeIfAbsent(timing.schedule(), same -> same);
    return new Timing(one, timing.priority());
  }

  /** Whether the poll that goes on takes the file of this name. */
  boolean isChosen(String name) {
    return chosen.test(name);
  }

  /** The file has left the drop zone. */
  void taken(String name) {
    known.remove(name);
  }

  /** The order in which the manifests of one poll are taken. */
  public int compare(String one, String other) {
    return ORDER.compare(candidate(one), candidate(other));
  }

  private Candidate candidate(String name) {
    return new Candidate(name, known.getOrDefault(name, UNKNOWN));
  }

  /** What a manifest says of its time; none of one that was not read yet. By any thread. */
  public Timing timing(String name) {
    return Optional.ofNullable(known.get(name)).map(Entry::timing).orElse(Timing.NONE);
  }

  /** Whether a manifest waits for its time. By any thread. */
  public boolean isScheduled(String name) {
    return !holds.mayBeTaken(timing(name).schedule());
  }

  /** How many manifests wait for their time alone. By any thread. */
  public long scheduled() {
    Map<Schedule, Boolean> open = new IdentityHashMap<>();
    return known.values().stream()
        .map(entry -> entry.timing().schedule())
        .filter(schedule -> !open.computeIfAbsent(schedule, holds::mayBeTaken))
        .count();
  }
}
