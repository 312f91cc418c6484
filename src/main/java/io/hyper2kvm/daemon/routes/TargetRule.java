package io.hyper2kvm.daemon.routes;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Each {@code direct:} target has a route that begins with it. */
final class TargetRule implements RouteRule {

  @Override
  public void check(RouteSet routes, Findings findings) {
    Set<String> sources = new TreeSet<>();
    routes.routes().forEach(route -> sources.add(plain(routes.resolve(route.from()))));
    for (RouteFile file : routes.files()) {
      file.root()
          .visit(
              (key, element) -> {
                String target = plain(routes.resolve(element.text()));
                boolean names = List.of("uri", "to", "wireTap", "enrich").contains(key);
                if (names && target.startsWith("direct:") && !sources.contains(target)) {
                  findings.error(
                      file.path(),
                      element.line(),
                      "no route begins with %s%s"
                          .formatted(target, Findings.meant(target, sources)));
                }
              });
    }
  }

  private static String plain(String uri) {
    return uri.replaceFirst("\\?.*", "").replace("direct://", "direct:");
  }
}
