package io.hyper2kvm.daemon.routes;

import io.hyper2kvm.daemon.hooks.HookName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A route that begins with {@code direct:} has a caller: a hook's name is easily misspelt. */
final class HookRule implements RouteRule {

  private static final String DIRECT = "direct:";
  private static final String HOOK = "hook:";

  @Override
  public void check(RouteSet routes, Findings findings) {
    List<String> called = new ArrayList<>();
    for (RouteFile file : routes.files()) {
      file.root()
          .visit(
              (key, element) -> {
                String text = plain(routes.resolve(element.text()));
                called.add(text.startsWith(HOOK) ? DIRECT + text.substring(HOOK.length()) : text);
              });
    }
    // Where each route begins is no call of it.
    routes.routes().forEach(route -> called.remove(source(routes, route)));
    for (RouteFile.Route route : routes.routes()) {
      String source = source(routes, route);
      int line = route.element().at("from").map(from -> from.line("uri")).orElse(0);
      if (source.startsWith(HOOK)) {
        findings.error(
            route.file().path(),
            line,
            "the route of a hook begins with %s, not with %s"
                .formatted(source.replaceFirst(HOOK, DIRECT), source));
      } else if (source.startsWith(DIRECT) && !called.contains(called(source))) {
        uncalled(routes, route, source, line, findings);
      }
    }
  }

  private static void uncalled(
      RouteSet routes, RouteFile.Route route, String source, int line, Findings findings) {
    boolean hook = HookName.calling(source).isPresent();
    if (!hook && route.file().path().startsWith(routes.folder())) {
      return; // The route is a shipped one. If a call of it is missing, another rule reports that.
    }
    findings.warn(
        route.file().path(),
        line,
        hook
            ? "the routes do not call the hook %s: this route never runs".formatted(source)
            : "nothing is sent to %s: this route never runs%s"
                .formatted(
                    source,
                    Findings.meant(
                        source, Stream.of(HookName.values()).map(HookName::source).toList())));
  }

  /** What must be sent to for the route to run: of a hook with several routes, the hook. */
  private static String called(String source) {
    return HookName.calling(source).map(HookName::source).orElse(source);
  }

  private static String source(RouteSet routes, RouteFile.Route route) {
    return plain(routes.resolve(route.from()));
  }

  private static String plain(String uri) {
    return uri.replaceFirst("\\?.*", "").replaceFirst("^(direct|hook)://", "$1:");
  }
}
