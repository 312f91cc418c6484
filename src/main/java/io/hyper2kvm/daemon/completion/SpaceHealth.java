package io.hyper2kvm.daemon.completion;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Readiness: DOWN while ended manifests wait for space for their reports. */
public final class SpaceHealth extends AbstractHealthCheck {

  private final WaitingEnds ends;

  public SpaceHealth(WaitingEnds ends) {
    super("hyper2kvm", "space");
    this.ends = ends;
  }

  @Override
  public boolean isLiveness() {
    return false;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    int count = ends.count();
    builder.detail("manifests_waiting_for_space", count);
    if (count == 0) {
      builder.up();
      return;
    }
    builder.detail("seconds_waited", ends.waited().toSeconds());
    builder.message("no report can be written: " + ends.reason()).down();
  }
}
