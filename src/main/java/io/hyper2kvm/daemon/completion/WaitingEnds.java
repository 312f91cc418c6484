package io.hyper2kvm.daemon.completion;

import io.hyper2kvm.failure.NoSpace;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The manifests that cannot end for lack of space: their reports were not written, or they were not
 * moved. Each is tried again until there is space. It uses no thread in between, so other manifests
 * go on.
 */
public final class WaitingEnds implements AutoCloseable {

  /** The pause between the first two tries; it doubles up to {@link #LONGEST}. */
  static final Duration SHORTEST = Duration.ofSeconds(1);

  /** The longest pause between two tries. */
  static final Duration LONGEST = Duration.ofSeconds(30);

  private static final Logger LOG = LogManager.getLogger(WaitingEnds.class);

  /** Writes the report or makes the move that is missing; completely or not at all. */
  @FunctionalInterface
  interface End {
    void bring() throws IOException, ManifestFailedException;
  }

  private record Waiting(String manifest, End end, CompletableFuture<Void> done) {}

  private final Clock clock;
  private final List<Waiting> waiting = new ArrayList<>();
  private final ScheduledThreadPoolExecutor timer = timer();

  /** Held during the tries, so that no two threads try one end at once. */
  private final Object trying = new Object();

  private Duration pause = SHORTEST;
  private Optional<Instant> since = Optional.empty();
  private String reason = "";
  private boolean patient;

  /**
   * Nothing waits yet.
   *
   * @param patient whether manifests may wait; a single run tells its caller instead
   */
  public WaitingEnds(boolean patient, Clock clock) {
    this.patient = patient;
    this.clock = clock;
  }

  /**
   * Ends a manifest, now or as soon as there is space for it.
   *
   * @return completed when that is done, with the end's exception if it has one
   * @throws IOException when there is no space and it must not wait, or at another failure
   */
  CompletionStage<Void> bring(String manifest, End end)
      throws IOException, ManifestFailedException {
    try {
      end.bring();
      return CompletableFuture.completedFuture(null);
    } catch (IOException e) {
      if (!NoSpace.is(e)) {
        throw e;
      }
      return later(manifest, end, e);
    }
  }

  /** Ends a manifest later whose end has failed once. After each failure it is tried again. */
  synchronized CompletionStage<Void> later(String manifest, End end, IOException because)
      throws IOException {
    if (!patient) {
      throw because;
    }
    Waiting one = new Waiting(manifest, end, new CompletableFuture<>());
    waiting.add(one);
    reason = because.toString();
    if (since.isEmpty()) {
      since = Optional.of(clock.instant());
      pause = SHORTEST;
      LOG.error(
          "end-waits manifest={} reason={} retried=after {} s, later every {} s",
          manifest,
          because.toString(),
          SHORTEST.toSeconds(),
          LONGEST.toSeconds());
      schedule();
    }
    return one.done();
  }

  private static ScheduledThreadPoolExecutor timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "waiting-ends");
              thread.setDaemon(true);
              return thread;
            });
    // The last try is that of a stop: none must follow it.
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return timer;
  }

  private void schedule() {
    try {
      timer.schedule(this::tick, pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // Closed meanwhile: close() has made the last try.
      LOG.debug("end-not-retried reason={}", e.toString());
    }
  }

  private void tick() {
    try {
      tryAll();
    } catch (Error e) {
      // The timer would swallow the error, and the manifests would wait for ever.
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
      throw e;
    }
    synchronized (this) {
      if (since.isPresent() && waiting.isEmpty()) {
        LOG.info("ends-written waited_s={}", waited().toSeconds());
        since = Optional.empty();
      } else if (since.isPresent()) {
        pause = pause.multipliedBy(2);
        pause = pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
        schedule();
      }
    }
  }

  /**
   * Not under this object's lock: a manifest's last steps run in this thread when its end is done.
   */
  private void tryAll() {
    synchronized (trying) {
      for (Waiting one : all()) {
        try {
          one.end().bring();
          finish(one, null);
        } catch (IOException e) {
          keep(one, e);
        } catch (Exception e) {
          finish(one, e);
        }
      }
    }
  }

  private synchronized List<Waiting> all() {
    return List.copyOf(waiting);
  }

  private synchronized void keep(Waiting one, IOException because) {
    reason = because.toString();
    LOG.debug("end-still-waits manifest={} reason={}", one.manifest(), reason);
  }

  private void finish(Waiting one, Exception thrown) {
    synchronized (this) {
      waiting.remove(one);
    }
    if (thrown == null) {
      one.done().complete(null);
    } else {
      one.done().completeExceptionally(thrown);
    }
  }

  /** How many manifests wait. */
  public synchronized int count() {
    return waiting.size();
  }

  /** For how long the first of them has waited; zero when there is none. */
  synchronized Duration waited() {
    return since.map(from -> Duration.between(from, clock.instant())).orElse(Duration.ZERO);
  }

  /** Why manifests wait; empty when none does. */
  public synchronized Optional<String> obstacle() {
    return waiting.isEmpty() ? Optional.empty() : Optional.of(reason);
  }

  /** The reason of the last failure. */
  synchronized String reason() {
    return reason;
  }

  /** A stop: every end is tried once more. A manifest without space stays for the next start. */
  @Override
  public void close() {
    synchronized (this) {
      patient = false;
    }
    timer.shutdown();
    try {
      // A try that runs ends by itself soon: its writes are small.
      timer.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    tryAll();
    for (Waiting one : all()) {
      LOG.error("end-left manifest={} reason={}", one.manifest(), reason());
      finish(one, new IOException("left for the next start: " + reason()));
    }
  }
}
