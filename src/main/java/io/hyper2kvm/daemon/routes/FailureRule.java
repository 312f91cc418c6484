package io.hyper2kvm.daemon.routes;

import java.util.Set;

/** Failures go up to the route that called, and none is swallowed on the way. */
final class FailureRule implements RouteRule {

  private static final Set<String> SWALLOWS = Set.of("handled", "continued");

  @Override
  public void check(RouteSet routes, Findings findings) {
    boolean goesUp = false;
    for (RouteFile file : routes.files()) {
      for (Element entry : file.root().items()) {
        goesUp |= entry.at("routeConfiguration").filter(FailureRule::isForAll).isPresent();
        entry
            .at("routeConfiguration")
            .filter(configuration -> !configuration.text("id").isEmpty())
            .ifPresent(configuration -> mustBeNamed(routes, file, configuration, findings));
      }
      file.root()
          .visit(
              (key, element) -> {
                if (key.equals("onException")) {
                  swallowed(file, element, findings);
                }
              });
    }
    if (!goesUp) {
      findings.error(
          routes.folder(),
          0,
          "no routeConfiguration without an id has errorHandler: {noErrorHandler: {}}: a failing"
              + " stage would bypass the route that called it");
    }
    for (RouteFile.Route route : routes.routes()) {
      if (!route.element().text("errorHandlerRef").isEmpty()
          || route.element().at("errorHandler").isPresent()) {
        findings.warn(
            route.file().path(),
            route.element().line("errorHandler"),
            "an error handler of its own: a failure may bypass the route that called");
      }
    }
  }

  private static boolean isForAll(Element configuration) {
    return configuration.text("id").isEmpty()
        && configuration
            .at("errorHandler")
            .filter(handler -> handler.at("noErrorHandler").isPresent())
            .isPresent();
  }

  private static void mustBeNamed(
      RouteSet routes, RouteFile file, Element configuration, Findings findings) {
    String id = configuration.text("id");
    boolean named =
        routes.routes().stream()
            .anyMatch(route -> route.element().text("routeConfigurationId").contains(id));
    if (!named) {
      findings.warn(
          file.path(),
          configuration.line("id"),
          "no route names the configuration %s; without an id it would hold for all".formatted(id));
    }
  }

  private static void swallowed(RouteFile file, Element handler, Findings findings) {
    for (String key : SWALLOWS) {
      boolean off =
          handler
              .at(key)
              .map(value -> value.at("constant").orElse(value))
              .map(value -> value.text() + value.text("expression"))
              .filter(text -> text.equals("false"))
              .isPresent();
      if (handler.at(key).isPresent() && !off) {
        findings.warn(
            file.path(),
            handler.line(key),
            "onException with %s: a failed VM would pass for a good one".formatted(key));
      }
    }
  }
}
