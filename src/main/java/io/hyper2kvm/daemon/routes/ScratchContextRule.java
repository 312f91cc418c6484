package io.hyper2kvm.daemon.routes;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteDefinitionHelper;
import org.apache.camel.spi.ModelReifierFactory;
import org.apache.camel.spi.RoutesLoader;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/**
 * Camel itself takes the files, the endpoints and the routes, in a context that is never started: a
 * route is built, but its consumer is not, so that nothing is polled and no folder is made.
 */
final class ScratchContextRule implements RouteRule {

  @Override
  public void check(RouteSet routes, Findings findings) {
    try (DefaultCamelContext context = new DefaultCamelContext()) {
      context.disableJMX();
      context.setAutoStartup(false);
      Properties properties = new Properties();
      properties.putAll(routes.properties());
      context.getPropertiesComponent().setOverrideProperties(properties);
      routes.beans().forEach(context.getRegistry()::bind);
      context.init();
      for (RouteFile file : routes.files()) {
        endpoints(context, routes, file, findings);
        expressions(context, file, findings);
        build(context, routes, file, findings);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void endpoints(
      CamelContext context, RouteSet routes, RouteFile file, Findings findings) {
    file.root()
        .visit(
            (key, element) -> {
              String uri = element.text("uri");
              boolean known =
                  uri.isEmpty() || key.equals("toD") || hasUnknownProperty(routes, element);
              if (!known) {
                endpoint(context, file, element, uri, findings);
              }
            });
  }

  private static boolean hasUnknownProperty(RouteSet routes, Element element) {
    boolean[] unknown = new boolean[1];
    element.visit(
        (key, value) ->
            unknown[0] |=
                RouteSet.PLACEHOLDER
                    .matcher(value.text())
                    .results()
                    .anyMatch(
                        found ->
                            RouteSet.unsetVariable(found).isPresent()
                                || found.group(2) == null
                                    && !routes.properties().containsKey(found.group(1))));
    return unknown[0];
  }

  private static void endpoint(
      CamelContext context, RouteFile file, Element element, String uri, Findings findings) {
    String scheme = uri.startsWith("{{") ? "" : uri.replaceFirst("[:?].*", "");
    if (!scheme.isEmpty() && context.getComponent(scheme) == null) {
      findings.error(
          file.path(),
          element.line("uri"),
          "there is no component %s%s"
              .formatted(scheme, Findings.meant(scheme, List.of("direct", "file", "exec", "log"))));
      return;
    }
    Map<String, Object> parameters = new LinkedHashMap<>();
    element
        .at("parameters")
        .ifPresent(
            all -> all.entries().forEach((name, value) -> parameters.put(name, value.text())));
    if (findings.hasErrorWithin(file.path(), element.line("uri"), last(element))) {
      return;
    }
    try {
      context.getEndpoint(CamelYaml.uri(context, uri, parameters));
    } catch (Exception e) {
      String reason = reason(e);
      Element options = element.at("parameters").orElse(element);
      int line =
          parameters.keySet().stream()
              .filter(name -> reason.contains(name + "="))
              .mapToInt(options::line)
              .findFirst()
              .orElse(element.line("uri"));
      findings.error(file.path(), line, "%s: %s".formatted(uri, reason));
    }
  }

  private static int last(Element element) {
    int[] line = new int[1];
    element.visit((key, value) -> line[0] = Math.max(line[0], value.line()));
    return line[0];
  }

  /** Camel builds a wrong expression only when its route is built, and stops at the first one. */
  private static void expressions(CamelContext context, RouteFile file, Findings findings) {
    file.root()
        .visit(
            (key, element) -> {
              if (!key.equals("simple")) {
                return;
              }
              String text = element.isObject() ? element.text("expression") : element.text();
              if (text.contains("{{")) {
                return;
              }
              try {
                context.resolveLanguage("simple").createExpression(text);
              } catch (Exception e) {
                findings.error(
                    file.path(),
                    element.line("expression"),
                    "the expression %s is wrong: %s".formatted(text, reason(e)));
              }
            });
  }

  private static void build(
      DefaultCamelContext context, RouteSet all, RouteFile file, Findings findings) {
    if (findings.hasErrorIn(file.path()) || hasUnknownProperty(all, file.root())) {
      return;
    }
    List<RouteDefinition> definitions = new ArrayList<>();
    try {
      RoutesLoader loader = PluginHelper.getRoutesLoader(context);
      var resource =
          ResourceHelper.fromString(
              file.path().getFileName().toString(), Files.readString(file.path()));
      for (RoutesBuilder builder : loader.findRoutesBuilders(resource)) {
        RouteBuilder routes = (RouteBuilder) builder;
        routes.setCamelContext(context);
        routes.configure();
        definitions.addAll(routes.getRouteCollection().getRoutes());
      }
    } catch (Exception e) {
      findings.error(file.path(), CamelYaml.line(e), "Camel refuses the file: " + reason(e));
      return;
    }
    ModelReifierFactory factory = context.getModelReifierFactory();
    for (RouteDefinition definition : definitions) {
      try {
        RouteDefinitionHelper.prepareRoute(context, definition);
        factory.createRoute(context, definition);
      } catch (Exception e) {
        findings.error(file.path(), line(file, definition), "Camel cannot build it: " + reason(e));
      }
    }
  }

  private static int line(RouteFile file, RouteDefinition definition) {
    return file.routes().stream()
        .filter(route -> route.id().equals(definition.getRouteId()))
        .map(route -> route.element().line())
        .findFirst()
        .orElse(0);
  }

  /** The innermost message that says something: the outer ones repeat the whole route. */
  private static String reason(Throwable error) {
    String reason = error.toString();
    for (Throwable at = error; at != null; at = at.getCause()) {
      String message = at.getMessage();
      if (message != null && !(at instanceof IndexOutOfBoundsException)) {
        reason = message.contains(" ") ? message : at.getClass().getSimpleName() + ": " + message;
      }
    }
    // Camel repeats the whole URI before or behind what it has to say.
    return reason
        .replaceFirst("(?s)\\AFailed to resolve endpoint:.* due to: ", "")
        .replaceFirst("(?s) with name: .* with value: .*", "")
        .strip();
  }
}
