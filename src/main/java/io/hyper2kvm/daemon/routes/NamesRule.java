package io.hyper2kvm.daemon.routes;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Each route and each step has an id of its own, and the routes that the program needs are there.
 */
final class NamesRule implements RouteRule {

  private static final List<String> NEEDED =
      List.of("manifest-intake", "manifest-vms", "vm-pipeline");

  /** Keys whose objects carry an {@code id} that is a step's. */
  private static final Set<String> NO_STEPS =
      Set.of("parameters", "route", "routeConfiguration", "expression", "from");

  @Override
  public void check(RouteSet routes, Findings findings) {
    Map<String, String> places = new HashMap<>();
    Map<String, String> sources = new HashMap<>();
    for (RouteFile.Route route : routes.routes()) {
      RouteFile file = route.file();
      int line = route.element().line("id");
      if (route.id().isEmpty()) {
        findings.error(file.path(), line, "the route has no id");
      }
      String place = file.path().getFileName() + ":" + line;
      String other = places.putIfAbsent("route " + route.id(), place);
      if (other != null && !route.id().isEmpty()) {
        findings.error(
            file.path(),
            line,
            "the route id %s is taken already, at %s".formatted(route.id(), other));
      }
      String taken = sources.putIfAbsent(routes.resolve(route.from()), place);
      if (taken != null && !route.from().isEmpty()) {
        findings.error(
            file.path(),
            route.element().line("from"),
            "two routes begin with %s; the other one stands at %s".formatted(route.from(), taken));
      }
      steps(route, places, findings);
    }
    for (String id : NEEDED) {
      if (routes.route(id).isEmpty()) {
        findings.error(
            routes.folder(),
            0,
            "the route %s is missing%s"
                .formatted(
                    id,
                    Findings.meant(
                        id, routes.routes().stream().map(RouteFile.Route::id).toList())));
      }
    }
  }

  private static void steps(RouteFile.Route route, Map<String, String> places, Findings findings) {
    String prefix = route.element().text("nodePrefixId");
    route
        .element()
        .visit(
            (key, element) -> {
              String id = element.text("id");
              if (id.isEmpty() || key.isEmpty() || NO_STEPS.contains(key)) {
                return;
              }
              int line = element.line("id");
              String place = route.file().path().getFileName() + ":" + line;
              String other = places.putIfAbsent("step " + prefix + id, place);
              if (other != null) {
                findings.error(
                    route.file().path(),
                    line,
                    "the step id %s is taken already, at %s".formatted(prefix + id, other));
              }
            });
  }
}
