package io.hyper2kvm.daemon.routes;

import java.util.LinkedHashMap;
import java.util.Map;

/** The drop zone is read by the program's own filter and moves; anything else loses manifests. */
final class IntakeRule implements RouteRule {

  private static final String ID = "manifest-intake";
  private static final String ORDER = "startupOrder";
  private static final Map<String, String> NEEDED = new LinkedHashMap<>();

  static {
    NEEDED.put("filter", "#manifestIntake");
    NEEDED.put("preMove", "${bean:manifestIntake.claim}");
    NEEDED.put("move", "${bean:manifestJudge.place}");
    NEEDED.put("moveFailed", "${bean:manifestJudge.place}");
    NEEDED.put("inProgressRepository", "#manifestsInFlight");
  }

  private static final Map<String, String> FORBIDDEN =
      Map.of(
          "delete", "a manifest would be gone when it is done",
          "noop", "a manifest would never leave processing/",
          "sortBy", "with a full drop zone it costs more than the work",
          "startingDirectoryMustExist", "the daemon makes its folders itself");

  @Override
  public void check(RouteSet routes, Findings findings) {
    routes
        .route(ID)
        .ifPresent(
            route -> {
              order(route, findings);
              route.element().at("from").ifPresent(from -> from(routes, route, from, findings));
            });
  }

  private static void order(RouteFile.Route route, Findings findings) {
    if (!route.element().text(ORDER).matches("[1-9]\\d{4,8}")) {
      findings.error(
          route.file().path(),
          route.element().line(ORDER),
          "%s has %s: 100000; without it, it could begin before the routes of hooks, and pass them over"
              .formatted(ID, ORDER));
    }
  }

  private static void from(
      RouteSet routes, RouteFile.Route route, Element from, Findings findings) {
    var file = route.file().path();
    String folder = "file:" + routes.properties().get("h2k.intake.directory");
    String uri = routes.resolve(from.text("uri"));
    if (!uri.equals(folder)) {
      findings.error(
          file,
          from.line("uri"),
          "%s begins with file:{{h2k.intake.directory}}, not %s; its options stand below parameters"
              .formatted(ID, from.text("uri")));
      return;
    }
    Element parameters = from.at("parameters").orElse(from);
    NEEDED.forEach(
        (name, value) -> {
          String found = parameters.text(name);
          if (!found.equals(value)) {
            findings.error(
                file,
                parameters.line(name),
                found.isEmpty()
                    ? "%s lacks %s: %s".formatted(ID, name, value)
                    : "%s has %s: %s, which must be %s".formatted(ID, name, found, value));
          }
        });
    FORBIDDEN.forEach(
        (name, reason) -> {
          if (!parameters.text(name).isEmpty()) {
            findings.error(
                file, parameters.line(name), "%s must not have %s: %s".formatted(ID, name, reason));
          }
        });
  }
}
