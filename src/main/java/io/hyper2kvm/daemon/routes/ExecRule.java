package io.hyper2kvm.daemon.routes;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.camel.component.exec.ExecBinding;
import org.apache.camel.component.exec.ExecCommandExecutor;

/** A tool runs by the program's own binding and executor, with stated exit values and a limit. */
final class ExecRule implements RouteRule {

  private static final Set<String> KNOWN =
      Set.of("binding", "commandExecutor", "exitValues", "timeout");

  @Override
  public void check(RouteSet routes, Findings findings) {
    for (RouteFile file : routes.files()) {
      file.root()
          .visit(
              (key, element) -> {
                String uri = element.text("uri");
                if (!uri.startsWith("exec:")) {
                  return;
                }
                if (key.equals("toD")) {
                  findings.error(
                      file.path(),
                      element.line("uri"),
                      "toD would make a command of what is in the message; write to");
                }
                step(routes, file, element, findings);
              });
    }
  }

  private static void step(RouteSet routes, RouteFile file, Element step, Findings findings) {
    var path = file.path();
    String tool = step.text("uri").replaceFirst("\\?.*", "");
    Element parameters = step.at("parameters").orElse(step);
    if (step.text("uri").contains("?")) {
      findings.error(
          path, step.line("uri"), tool + ": its options stand below parameters, not in the uri");
      return;
    }
    bean(routes, file, step, tool, "binding", ExecBinding.class, findings);
    bean(routes, file, step, tool, "commandExecutor", ExecCommandExecutor.class, findings);
    String exitValues = parameters.text("exitValues");
    if (exitValues.isEmpty()) {
      findings.error(
          path, parameters.line(), tool + " lacks exitValues: a failure would pass for a success");
    } else if (!exitValues.contains("{{") && !exitValues.matches("\\d{1,3}(\\s*,\\s*\\d{1,3})*")) {
      findings.error(
          path,
          parameters.line("exitValues"),
          "%s: exitValues are numbers with commas between them, not %s"
              .formatted(tool, exitValues));
    }
    String timeout = routes.resolve(parameters.text("timeout"));
    if (timeout.isEmpty()) {
      findings.error(path, parameters.line(), tool + " lacks timeout: it could run for ever");
    } else if (!timeout.contains("{{") && !timeout.matches("[1-9]\\d{0,17}")) {
      findings.error(
          path,
          parameters.line("timeout"),
          "%s: timeout is a number of milliseconds, not %s".formatted(tool, timeout));
    }
    for (String name : parameters == step ? Set.<String>of() : parameters.entries().keySet()) {
      if (!KNOWN.contains(name)) {
        findings.error(
            path,
            parameters.line(name),
            "%s: the binding does not read %s; arguments stand in the header CamelExecCommandArgs"
                .formatted(tool, name));
      }
    }
  }

  private static void bean(
      RouteSet routes,
      RouteFile file,
      Element step,
      String tool,
      String parameter,
      Class<?> type,
      Findings findings) {
    Set<String> fitting =
        routes.beans().entrySet().stream()
            .filter(bean -> type.isInstance(bean.getValue()))
            .map(bean -> "#" + bean.getKey())
            .collect(Collectors.toCollection(TreeSet::new));
    Element parameters = step.at("parameters").orElse(step);
    String found = parameters.text(parameter);
    if (found.isEmpty()) {
      findings.error(
          file.path(),
          parameters.line(),
          "%s lacks %s, one of %s".formatted(tool, parameter, String.join(", ", fitting)));
    } else if (!fitting.contains(found)) {
      findings.error(
          file.path(),
          parameters.line(parameter),
          "%s: %s is one of %s, not %s"
              .formatted(tool, parameter, String.join(", ", fitting), found));
    }
  }
}
