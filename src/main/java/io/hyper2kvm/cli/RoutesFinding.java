package io.hyper2kvm.cli;

import io.hyper2kvm.config.DaemonConfig;
import io.hyper2kvm.daemon.boot.RouteFilesCheck;
import io.hyper2kvm.daemon.routes.RouteProblem;
import io.hyper2kvm.doctor.Finding;
import java.util.List;

/** What the doctor says of the route files; a command of its own tells all that is wrong. */
final class RoutesFinding {

  private static final String SUBJECT = "Routes";

  private RoutesFinding() {}

  static Finding of(DaemonConfig config) {
    List<RouteProblem> problems = RouteFilesCheck.of(config);
    String folder = config.routes().dir().toString();
    if (problems.isEmpty()) {
      return Finding.ok(SUBJECT, folder);
    }
    String more = problems.size() == 1 ? "" : ", and %d more".formatted(problems.size() - 1);
    String advice = "see all: hyper2kvm routes check --routes-dir " + folder;
    return problems.stream()
        .filter(RouteProblem::isError)
        .findFirst()
        .map(first -> Finding.fail(SUBJECT, first + more, advice))
        .orElse(Finding.warn(SUBJECT, problems.get(0) + more, advice));
  }
}
