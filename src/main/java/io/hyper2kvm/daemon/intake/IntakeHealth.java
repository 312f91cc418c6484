package io.hyper2kvm.daemon.intake;

import java.time.Duration;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Readiness: DOWN when the drop zone has not been polled for too long. */
public final class IntakeHealth extends AbstractHealthCheck {

  private static final Duration SHORTEST_LIMIT = Duration.ofSeconds(30);
  private static final int MISSED_POLLS = 10;

  private final IntakePolls polls;
  private final Duration limit;

  /**
   * A check.
   *
   * @param pollInterval how often the drop zone is looked into
   */
  public IntakeHealth(IntakePolls polls, Duration pollInterval) {
    super("hyper2kvm", "intake");
    this.polls = polls;
    Duration missed = pollInterval.multipliedBy(MISSED_POLLS);
    this.limit = missed.compareTo(SHORTEST_LIMIT) > 0 ? missed : SHORTEST_LIMIT;
  }

  @Override
  public boolean isLiveness() {
    return false;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    Duration since = polls.sinceLast();
    builder.detail("seconds_since_last_look", since.toSeconds());
    if (since.compareTo(limit) > 0) {
      builder
          .message(
              "the drop zone was last polled %d s ago, expected within %d s: the log says why a poll failed; without such a line the folder hangs, or restart the daemon"
                  .formatted(since.toSeconds(), limit.toSeconds()))
          .down();
    } else {
      builder.up();
    }
  }
}
