package io.hyper2kvm.daemon.observe;

import io.hyper2kvm.daemon.intake.IntakePolls;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.ServiceStatus;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Liveness: DOWN when the thread that looks into the drop zone has died or hangs, which only a
 * restart ends. A look that fails is a sign of life: a restart would not make the folder readable.
 */
final class PollerHealth extends AbstractHealthCheck {

  /** Longer than any look and the reading of the manifests that it finds. */
  static final Duration LIMIT = Duration.ofMinutes(5);

  private static final int MISSED_POLLS = 20;
  private static final String ROUTE = "manifest-intake";

  private final IntakePolls polls;
  private final Duration limit;

  /**
   * A check.
   *
   * @param pollInterval how often the drop zone is looked into
   * @param least the shortest time without a sign of life that counts
   */
  PollerHealth(IntakePolls polls, Duration pollInterval, Duration least) {
    super("hyper2kvm", "poller");
    this.polls = polls;
    Duration missed = pollInterval.multipliedBy(MISSED_POLLS);
    this.limit = missed.compareTo(least) > 0 ? missed : least;
  }

  @Override
  public boolean isReadiness() {
    return false;
  }

  @Override
  public boolean isLiveness() {
    return true;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    ServiceStatus route = getCamelContext().getRouteController().getRouteStatus(ROUTE);
    if (route == null || !route.isStarted()) {
      builder.up(); // Nobody shall look: the check "routes" says whether that is right.
      return;
    }
    Duration since = polls.sinceSign();
    if (since.compareTo(limit) <= 0) {
      builder.up();
      return;
    }
    builder
        .message(
            "the thread that looks into the drop zone gave no sign for %d s, so it hangs or has ended: restart the daemon; the running manifests go on afterwards"
                .formatted(since.toSeconds()))
        .down();
  }
}
