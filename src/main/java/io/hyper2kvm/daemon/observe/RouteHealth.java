package io.hyper2kvm.daemon.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Readiness: DOWN while a route does not run that starts with the daemon. Camel's own checks of the
 * routes do not count a suspended route, and forget one that was removed.
 */
final class RouteHealth extends AbstractHealthCheck {

  private final Set<String> known = new ConcurrentSkipListSet<>();

  RouteHealth() {
    super("hyper2kvm", "routes");
  }

  @Override
  public boolean isLiveness() {
    return false;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    for (Route route : getCamelContext().getRoutes()) {
      if (!Boolean.FALSE.equals(route.isAutoStartup())) {
        known.add(route.getId());
      }
    }
    List<String> found = new ArrayList<>();
    for (String id : known) {
      ServiceStatus status = getCamelContext().getRouteController().getRouteStatus(id);
      if (status == null || !status.isStarted()) {
        found.add(id + " is " + (status == null ? "removed" : status.name().toLowerCase()));
      }
    }
    if (found.isEmpty()) {
      builder.up();
      return;
    }
    builder
        .message(
            "route %s: start what a route or a policy of yours has stopped, or restart the daemon"
                .formatted(String.join(", ", found)))
        .down();
  }
}
