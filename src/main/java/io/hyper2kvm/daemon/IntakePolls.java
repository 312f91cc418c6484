package io.hyper2kvm.daemon;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultPollingConsumerPollStrategy;

/**
 * The looks of the file consumer into the drop zone. A poller that is stuck, or whose thread has
 * died, looks like one that has nothing to do: only the time of its last look tells.
 */
public final class IntakePolls extends DefaultPollingConsumerPollStrategy {

  private final Clock clock;
  private volatile Instant last;

  /** No look yet; the time runs from now on. */
  public IntakePolls(Clock clock) {
    this.clock = clock;
    this.last = clock.instant();
  }

  @Override
  public void commit(Consumer consumer, Endpoint endpoint, int polledMessages) {
    last = clock.instant();
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
