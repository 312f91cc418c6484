package io.hyper2kvm.daemon.intake;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultPollingConsumerPollStrategy;

/**
 * The looks of the file consumer into the drop zone. A poller that is stuck, or whose thread has
 * died, looks like one that has nothing to do: only the time of its last look tells.
 *
 * <p>A look goes through the whole folder, which takes its time with many files. So there is none
 * that could take nothing, and after a long one that found nothing there is a pause in proportion.
 */
public final class IntakePolls extends DefaultPollingConsumerPollStrategy {

  /** After a look that found nothing, so many times as long as it took. */
  private static final int PAUSE = 20;

  /** A shorter look costs nothing that would be worth a wait. */
  private static final Duration LONG = Duration.ofMillis(100);

  /** However long a look takes; well below what the health check allows. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final Clock clock;
  private final BooleanSupplier full;
  private volatile Instant last;
  private Instant begun;
  private Instant next;

  /**
   * No look yet; the time runs from now on.
   *
   * @param full whether nothing could be taken now, whatever lies there
   */
  public IntakePolls(Clock clock, BooleanSupplier full) {
    this.clock = clock;
    this.full = full;
    this.last = clock.instant();
    this.begun = last;
    this.next = last;
  }

  @Override
  public boolean begin(Consumer consumer, Endpoint endpoint) {
    Instant now = clock.instant();
    if (full.getAsBoolean()) {
      last = now; // The poller lives, and has not to look.
      return false;
    }
    // A clock that was set back meanwhile must not make the pause longer.
    boolean pausing = now.isBefore(next) && !now.isBefore(last);
    if (pausing) {
      return false;
    }
    begun = now;
    return true;
  }

  @Override
  public void commit(Consumer consumer, Endpoint endpoint, int polledMessages) {
    last = clock.instant();
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
    // A look that fails is no sign of a stuck poller, but of a folder that cannot be read: Camel
    // logs it, and a health check that says UP would hide it.
    return super.rollback(consumer, endpoint, retryCounter, cause);
  }

  /** How long ago the last look ended. */
  Duration sinceLast() {
    return Duration.between(last, clock.instant());
  }
}
