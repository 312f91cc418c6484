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
   * Begins to look for problems that a daemon must not start with because it would lose manifests,
   * and that Camel does not notice.
   */
  static RoutesVerdict begin(RouteFolders folders, DaemonConfig config, Beans beans) {
    return RoutesVerdict.begin(() -> routesCheck(config, beans).checkBeforeStart(folders));
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
