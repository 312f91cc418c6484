package io.hyper2kvm.doctor;

import io.hyper2kvm.daemon.boot.RouteFilesCheck;
import io.hyper2kvm.daemon.routes.RouteProblem;
import java.util.List;

/** The route files; what is wrong with them is told in full by a command of its own. */
final class RoutesLookup implements Check {

  @Override
  public List<Finding> run(Host host) {
    List<RouteProblem> problems = RouteFilesCheck.of(host.config());
    String folder = host.config().routesDir().toString();
    if (problems.isEmpty()) {
      return List.of(Finding.ok("Routes", folder));
    }
    String more = problems.size() == 1 ? "" : ", and %d more".formatted(problems.size() - 1);
    String advice = "see all: hyper2kvm routes check --routes-dir " + folder;
    return List.of(
        problems.stream()
            .filter(RouteProblem::isError)
            .findFirst()
            .map(first -> Finding.fail("Routes", first + more, advice))
            .orElse(Finding.warn("Routes", problems.get(0) + more, advice)));
  }
}
