package io.hyper2kvm.daemon.intake;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.component.file.GenericFileEndpoint;
import org.apache.camel.support.DefaultPollingConsumerPollStrategy;
import org.apache.camel.support.ScheduledBatchPollingConsumer;

/**
 * The polls of the drop zone by the file consumer. A poller that hangs, or whose thread has died,
 * looks like one that has nothing to do: only the time of its last poll tells.
 *
 * <p>A poll lists the whole folder, which takes its time with many files. So a poll takes no more
 * files than there are free places, because the consumer would look at every other file in vain.
 * There is no poll without a free place. While more manifests wait than could be taken, a poll
 * waits for several free places. After a long poll that found nothing there is a pause in
 * proportion. A poll takes what was chosen for it, and there is none where nothing was.
 */
public final class IntakePolls extends DefaultPollingConsumerPollStrategy {

  /** After a poll that found nothing, so many times as long as it took. */
  private static final int PAUSE = 20;

  /** A shorter poll costs nothing that would be worth a pause. */
  private static final Duration LONG = Duration.ofMillis(100);

  /** However long a poll takes; well below what the health check allows. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /** How long a poll waits for more free places. */
  private static final Duration LONGEST_WAIT = Duration.ofMillis(500);

  /** Chooses what a poll takes. */
  @FunctionalInterface
  public interface Choice {

    /**
     * Chooses.
     *
     * @param most how many may be taken
     * @return how many are there to be taken
     * @throws IOException when the drop zone cannot be read
     */
    int choose(int most) throws IOException;
  }

  private final Clock clock;
  private final Choice choice;
  private final ManifestsInFlight inFlight;
  private final LongSupplier nanos;
  private volatile Instant last;
  private volatile long sign;
  private Instant begun;
  private Instant next;
  private int asked;
  private boolean moreWait;

  /** No poll yet; the time runs from now on. */
  public IntakePolls(Clock clock, ManifestsInFlight inFlight, WaitingQueue queue) {
    this(clock, System::nanoTime, inFlight, queue::choose);
  }

  /**
   * No poll yet; the time runs from now on.
   *
   * @param nanos a clock that nobody sets, in nanoseconds
   * @param choice chooses what a poll takes
   */
  public IntakePolls(Clock clock, LongSupplier nanos, ManifestsInFlight inFlight, Choice choice) {
    this.choice = choice;
    this.clock = clock;
    this.nanos = nanos;
    this.sign = nanos.getAsLong();
    this.inFlight = inFlight;
    this.last = clock.instant();
    this.begun = last;
    this.next = last;
  }

  @Override
  public boolean begin(Consumer consumer, Endpoint endpoint) {
    sign = nanos.getAsLong();
    int free = moreWait ? inFlight.awaitFree(LONGEST_WAIT) : inFlight.free();
    Instant now = clock.instant();
    if (free == 0) {
      last = now; // The poller lives, and must not poll.
      return false;
    }
    // A clock that was set back meanwhile must not make the pause longer.
    boolean pausing = now.isBefore(next) && !now.isBefore(last);
    if (pausing) {
      return false;
    }
    int ready = choose(free);
    if (ready == 0) {
      last = clock.instant();
      moreWait = false;
      return false;
    }
    begun = now;
    asked = ready;
    if (consumer instanceof ScheduledBatchPollingConsumer poller
        && endpoint instanceof GenericFileEndpoint<?> folder) {
      int most = folder.getMaxMessagesPerPoll();
      asked = most > 0 ? Math.min(most, ready) : ready;
      poller.setMaxMessagesPerPoll(asked);
    }
    return true;
  }

  private int choose(int free) {
    try {
      return choice.choose(free);
    } catch (IOException e) {
      return free; // The poll fails, too, and Camel tells why.
    }
  }

  @Override
  public void commit(Consumer consumer, Endpoint endpoint, int polledMessages) {
    sign = nanos.getAsLong();
    last = clock.instant();
    moreWait = polledMessages > 0 && polledMessages >= asked;
    Duration took = Duration.between(begun, last);
    Duration pause = took.multipliedBy(PAUSE);
    next = last;
    if (polledMessages == 0 && took.compareTo(LONG) >= 0) {
      next = last.plus(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
    }
  }

  @Override
  public boolean rollback(Consumer consumer, Endpoint endpoint, int retryCounter, Exception cause)
      throws Exception {
    sign = nanos.getAsLong();
    // A poll that fails is no sign of a poller that hangs, but of a folder that cannot be read:
    // Camel logs it, and a health check that says UP would hide it.
    return super.rollback(consumer, endpoint, retryCounter, cause);
  }

  /** How long ago the last poll ended. */
  Duration sinceLast() {
    return Duration.between(last, clock.instant());
  }

  /** When the last poll ended; one that failed does not count. */
  public Instant lastLook() {
    return last;
  }

  /** How long ago the poller last did anything; also a poll that failed, or that begins. */
  public Duration sinceSign() {
    return Duration.ofNanos(nanos.getAsLong() - sign);
  }
}
