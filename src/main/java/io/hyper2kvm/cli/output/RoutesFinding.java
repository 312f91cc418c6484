package io.hyper2kvm.cli.output;

import io.hyper2kvm.config.DaemonConfig;
import io.hyper2kvm.daemon.boot.RouteFilesCheck;
import io.hyper2kvm.daemon.routes.RouteFolders;
import io.hyper2kvm.daemon.routes.RouteProblem;
import io.hyper2kvm.doctor.Finding;
import java.io.IOException;
import java.util.List;

/** What the doctor says of the route files; a command of its own tells all that is wrong. */
public final class RoutesFinding {

  private static final String SUBJECT = "Routes";

  private RoutesFinding() {}

  /** Looks at the routes of a configuration. */
  public static Finding of(DaemonConfig config) {
    List<RouteProblem> problems = RouteFilesCheck.of(config);
    String folder = config.routes().dir().toString();
    if (problems.isEmpty()) {
      return Finding.ok(SUBJECT, folder + extra(config));
    }
    String more = problems.size() == 1 ? "" : ", and %d more".formatted(problems.size() - 1);
    String advice =
        "see all: hyper2kvm routes check --routes-dir %s --extra-routes-dir %s"
            .formatted(folder, config.routes().extraDir());
    return problems.stream()
        .filter(RouteProblem::isError)
        .findFirst()
        .map(first -> Finding.fail(SUBJECT, first + more, advice))
        .orElse(Finding.warn(SUBJECT, problems.get(0) + more, advice));
  }

  private static String extra(DaemonConfig config) {
    try {
      List<String> files =
          RouteFilesCheck.folders(config).sources().stream()
              .filter(RouteFolders.Source::extra)
              .map(RouteFolders.Source::described)
              .toList();
      return files.isEmpty() ? "" : "; " + String.join("; ", files);
    } catch (IOException e) {
      return "; " + e; // It was read a moment ago.
    }
  }
}
