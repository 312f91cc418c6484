package io.hyper2kvm.daemon.routes;

import java.util.Set;

/** Programs belong into beans, where they are tested. */
final class ScriptRule implements RouteRule {

  private static final Set<String> LANGUAGES =
      Set.of(
          "groovy", "java", "joor", "js", "jsh", "mvel", "ognl", "python", "script", "spel",
          "wasm");

  @Override
  public void check(RouteSet routes, Findings findings) {
    for (RouteFile file : routes.files()) {
      file.root()
          .visit(
              (key, element) ->
                  element
                      .entries()
                      .forEach(
                          (name, value) -> {
                            if (LANGUAGES.contains(name) && !key.equals("parameters")) {
                              findings.warn(
                                  file.path(),
                                  element.line(name),
                                  "a script (%s) in a route; knowledge belongs into a bean"
                                      .formatted(name));
                            }
                          }));
    }
  }
}
