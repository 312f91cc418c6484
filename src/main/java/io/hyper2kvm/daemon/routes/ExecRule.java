package io.hyper2kvm.daemon.routes;

import io.hyper2kvm.daemon.exec.ToolComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A tool step names only the tool; a bean, not the route, makes its arguments. */
final class ExecRule implements RouteRule {

  private static final String TIMEOUT = "timeout";
  private static final Set<String> SETS_A_HEADER = Set.of("setHeader", "removeHeader");
  private static final String HEADERS = "CamelExec";

  @Override
  public void check(RouteSet routes, Findings findings) {
    for (RouteFile file : routes.files()) {
      file.root()
          .visit(
              (key, element) -> {
                if (SETS_A_HEADER.contains(key) && element.text("name").startsWith(HEADERS)) {
                  findings.error(
                      file.path(),
                      element.line("name"),
                      "the header %s is not read: %s"
                          .formatted(element.text("name"), ToolComponent.INSTEAD));
                }
                if (element.text("uri").startsWith("exec:")) {
                  step(routes, file, key, element, findings);
                }
              });
    }
  }

  private static void step(
      RouteSet routes, RouteFile file, String key, Element step, Findings findings) {
    var path = file.path();
    if (key.equals("toD")) {
      findings.error(
          path, step.line("uri"), "toD would make a command of what is in the message; write to");
    }
    String tool = step.text("uri").replaceFirst("\\?.*", "");
    if (step.text("uri").contains("?")) {
      findings.error(
          path, step.line("uri"), tool + ": its options stand below parameters, not in the uri");
      return;
    }
    Element parameters = step.at("parameters").orElse(step);
    List<String> refused =
        new ArrayList<>(
            step.at("parameters").isPresent() ? parameters.entries().keySet() : Set.of());
    refused.remove(TIMEOUT);
    if (!refused.isEmpty()) {
      findings.error(
          path,
          parameters.line(refused.get(0)),
          "%s takes no %s: %s".formatted(tool, String.join(", ", refused), ToolComponent.INSTEAD));
    }
    String timeout = routes.resolve(parameters.text(TIMEOUT));
    boolean known = !timeout.isEmpty() && !timeout.contains("{{");
    if (known && !timeout.matches("[1-9]\\d{0,17}")) {
      findings.error(
          path,
          parameters.line(TIMEOUT),
          "%s: timeout is a number of milliseconds, not %s".formatted(tool, timeout));
    }
  }
}
