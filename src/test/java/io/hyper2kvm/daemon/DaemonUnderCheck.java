package io.hyper2kvm.daemon;

import io.hyper2kvm.config.ConfigInvalidException;
import io.hyper2kvm.config.ConfigKey;
import io.hyper2kvm.config.ConfigSources;
import io.hyper2kvm.config.DaemonConfigLoader;
import io.hyper2kvm.config.OutputConfig;
import io.hyper2kvm.config.RoutesConfig;
import io.hyper2kvm.config.WorkflowConfig;
import io.hyper2kvm.daemon.boot.RouteFilesCheck;
import io.hyper2kvm.daemon.routes.RouteProblem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks route files as a daemon's, whose folders are not there. */
public final class DaemonUnderCheck {

  private DaemonUnderCheck() {}

  /** The problems of the routes in a folder. */
  public static List<RouteProblem> problems(Path daemon, Path routes) {
    Map<ConfigKey<?>, List<String>> flags =
        Map.of(
            WorkflowConfig.MANIFEST_WORKFLOW_DIR, List.of(daemon + "/workflow"),
            OutputConfig.OUTPUT_DIR, List.of(daemon + "/output"),
            RoutesConfig.ROUTES_DIR, List.of(routes.toString()),
            RoutesConfig.EXTRA_ROUTES_DIR, List.of(daemon + "/routes.d"));
    ConfigSources sources =
        new ConfigSources(
            Optional.empty(), Map.of(), flags, Map.of(), routes.toAbsolutePath(), Optional.empty());
    try {
      return RouteFilesCheck.of(DaemonConfigLoader.read(sources).config());
    } catch (ConfigInvalidException e) {
      throw new AssertionError(e);
    }
  }
}
