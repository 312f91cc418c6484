package io.hyper2kvm.daemon.boot;

import io.hyper2kvm.config.DaemonConfig;
import io.hyper2kvm.daemon.routes.RouteFolders;
import io.hyper2kvm.daemon.routes.RouteProblem;
import io.hyper2kvm.daemon.routes.RoutesCheck;
import io.hyper2kvm.tool.ToolUser;
import io.hyper2kvm.workflow.ManifestPlaces;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Whether the configured routes fit this program. */
public final class RouteFilesCheck {

  private static final Logger LOG = LogManager.getLogger(RouteFilesCheck.class);

  private RouteFilesCheck() {}

  /**
   * All problems, sorted by file and line. Of the configuration's folders only {@code routes_dir}
   * is read, and none is made.
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
      return routesCheck(config, beans).check(folders(config));
    }
  }

  /**
   * Refuses routes that a daemon must not start because they would lose manifests, which Camel does
   * not notice. Warnings are shown only by the command that asks for them.
   *
   * @throws IOException with all errors
   */
  static void require(RouteFolders folders, DaemonConfig config, Beans beans) throws IOException {
    List<RouteProblem> errors =
        routesCheck(config, beans).checkBeforeStart(folders).stream()
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

  /** Where the route files of a configuration are. */
  public static RouteFolders folders(DaemonConfig config) {
    return new RouteFolders(config.routes().dir(), config.routes().extraDir());
  }

  /** Says which file the routes are from. */
  static void log(RouteFolders folders) throws IOException {
    List<RouteFolders.Source> sources = folders.sources();
    LOG.info(
        "routes-shipped folder={} files={}",
        folders.shipped(),
        sources.stream().filter(source -> !source.extra()).count());
    for (RouteFolders.Source source : sources) {
      if (source.extra()) {
        LOG.info(
            "routes-extra file={} routes={}{}",
            source.path(),
            String.join(",", source.routes()),
            source.replaced().map(path -> " in-place-of=" + path).orElse(""));
      }
    }
  }

  private static RoutesCheck routesCheck(DaemonConfig config, Beans beans) {
    return new RoutesCheck(beans.all(), ManifestDaemon.routeProperties(config));
  }
}
