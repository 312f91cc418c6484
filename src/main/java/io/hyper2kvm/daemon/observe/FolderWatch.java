package io.hyper2kvm.daemon.observe;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Looks at the daemon's folders and its drop zone from time to time, on a thread of its own: a file
 * system that does not answer, such as that of a dead NFS server, holds up this thread alone.
 */
final class FolderWatch implements AutoCloseable {

  /** The pause between two looks. */
  static final Duration PAUSE = Duration.ofSeconds(10);

  /** A folder that has not answered for so long counts as one that hangs. */
  static final Duration HANGS = Duration.ofSeconds(30);

  private static final Logger LOG = LogManager.getLogger(FolderWatch.class);

  /** After a look, a pause of so many times as long as it took. */
  private static final int SHARE = 20;

  /**
   * What a look found.
   *
   * @param folders each folder
   * @param waiting the drop zone; empty when it could not be read
   */
  record Looked(List<FolderState> folders, Optional<WaitingManifests> waiting) {

    Looked {
      folders = List.copyOf(folders);
    }
  }

  private record Looking(FolderState.Folder at, long since) {}

  private final List<FolderState.Folder> folders;
  private final FolderState.Folder dropZone;
  private final Clock clock;
  private final LongSupplier nanos;
  private final Thread thread = new Thread(this::run, "folder-watch");
  private Predicate<String> scheduled = name -> false;
  private volatile Optional<Looked> last = Optional.empty();
  private volatile Optional<Looking> looking = Optional.empty();

  FolderWatch(List<FolderState.Folder> folders, Path dropZone, Clock clock) {
    this(folders, dropZone, clock, System::nanoTime);
  }

  /**
   * A watch that has not begun.
   *
   * @param nanos a clock that nobody sets, in nanoseconds
   */
  FolderWatch(List<FolderState.Folder> folders, Path dropZone, Clock clock, LongSupplier nanos) {
    this.folders = List.copyOf(folders);
    this.dropZone = new FolderState.Folder("to_be_processed", dropZone, true);
    this.clock = clock;
    this.nanos = nanos;
    thread.setDaemon(true);
  }

  /**
   * Begins.
   *
   * @param waitsForTime which manifests in the drop zone wait for their time, by their names
   */
  void start(Predicate<String> waitsForTime) {
    scheduled = waitsForTime;
    thread.start();
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        long began = nanos.getAsLong();
        look();
        long took = nanos.getAsLong() - began;
        Thread.sleep(Math.max(PAUSE.toMillis(), took / 1_000_000 * SHARE));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // Closed.
    }
  }

  /** Looks once. */
  void look() {
    List<FolderState> states = new ArrayList<>();
    for (FolderState.Folder folder : folders) {
      begin(folder);
      states.add(FolderState.of(folder));
    }
    begin(dropZone);
    Optional<WaitingManifests> waiting = Optional.empty();
    try {
      waiting = Optional.of(WaitingManifests.in(dropZone.path(), scheduled, clock));
    } catch (IOException e) {
      // The check of the workflow folder says what is wrong.
      LOG.debug("drop-zone-not-counted reason={}", e.toString());
    }
    last = Optional.of(new Looked(states, waiting));
    looking = Optional.empty();
  }

  private void begin(FolderState.Folder folder) {
    looking = Optional.of(new Looking(folder, nanos.getAsLong()));
  }

  /** The folder that does not answer, with its key; empty when all do. */
  Optional<String> hanging() {
    Optional<Looking> now = looking;
    if (now.isEmpty()) {
      return Optional.empty();
    }
    Duration since = Duration.ofNanos(nanos.getAsLong() - now.get().since());
    return since.compareTo(HANGS) < 0
        ? Optional.empty()
        : Optional.of("%s has not answered for %d s".formatted(now.get().at(), since.toSeconds()));
  }

  /** What the last look found; empty before the first, and while a folder hangs. */
  Optional<Looked> last() {
    return hanging().isPresent() ? Optional.empty() : last;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
