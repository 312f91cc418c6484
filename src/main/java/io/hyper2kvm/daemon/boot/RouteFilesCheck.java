package io.hyper2kvm.daemon.boot;

import io.hyper2kvm.config.DaemonConfig;
import io.hyper2kvm.daemon.routes.RouteProblem;
import io.hyper2kvm.daemon.routes.RoutesCheck;
import io.hyper2kvm.tool.ToolUser;
import io.hyper2kvm.workflow.ManifestPlaces;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;

/** Whether the configured routes fit this program. */
public final class RouteFilesCheck {

  private RouteFilesCheck() {}

  /**
   * All that is wrong, sorted by file and line. No folder of the configuration but {@code
   * routes_dir} is looked at, and none is made.
   */
  public static List<RouteProblem> of(DaemonConfig config) {
    WorkflowDirectories directories = new WorkflowDirectories(config.workflow().dir());
    try (Beans beans =
        new Beans(
            config,
            ManifestDaemon.settings(config, false, ToolUser.OWN),
            directories,
            new ManifestPlaces(),
            Clock.systemDefaultZone())) {
      return routesCheck(config, beans).check(config.routes().dir());
    }
  }

  /**
   * Refuses routes that a daemon must not start: what Camel would not notice, and what would then
   * lose manifests. Warnings are left to the command that asks for them.
   *
   * @throws IOException with all errors
   */
  static void require(DaemonConfig config, Beans beans) throws IOException {
    List<RouteProblem> errors =
        routesCheck(config, beans).checkBeforeStart(config.routes().dir()).stream()
            .filter(RouteProblem::isError)
            .toList();
    if (!errors.isEmpty()) {
      throw new IOException(
          "the routes have %s: %s"
              .formatted(
                  errors.size() == 1 ? "a problem" : errors.size() + " problems",
                  errors.stream().map(RouteProblem::toString).collect(Collectors.joining("; "))));
    }
  }

  private static RoutesCheck routesCheck(DaemonConfig config, Beans beans) {
    return new RoutesCheck(beans.all(), ManifestDaemon.routeProperties(config));
  }
}
