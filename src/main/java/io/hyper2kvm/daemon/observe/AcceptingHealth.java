package io.hyper2kvm.daemon.observe;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Readiness: DOWN while the daemon takes no manifest because somebody wants it so. */
final class AcceptingHealth extends AbstractHealthCheck {

  private final Supplier<Optional<String>> refusal;

  /**
   * A check.
   *
   * @param refusal why no manifest is taken, and what ends it; empty while manifests are taken
   */
  AcceptingHealth(Supplier<Optional<String>> refusal) {
    super("hyper2kvm", "accepting");
    this.refusal = refusal;
  }

  @Override
  public boolean isLiveness() {
    return false;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    Optional<String> now = refusal.get();
    if (now.isEmpty()) {
      builder.up();
    } else {
      builder.message(now.get()).down();
    }
  }
}
