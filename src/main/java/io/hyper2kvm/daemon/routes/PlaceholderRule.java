package io.hyper2kvm.daemon.routes;

import java.util.regex.Matcher;

/**
 * A property in double braces is one that the program has, or brings its own default, as an
 * environment variable may.
 */
final class PlaceholderRule implements RouteRule {

  @Override
  public void check(RouteSet routes, Findings findings) {
    for (RouteFile file : routes.files()) {
      file.root()
          .visit(
              (key, element) -> {
                Matcher matcher = RouteSet.PLACEHOLDER.matcher(element.text());
                while (matcher.find()) {
                  String name = matcher.group(1);
                  if (matcher.group(2) == null && !routes.properties().containsKey(name)) {
                    findings.error(
                        file.path(),
                        element.line(),
                        "there is no property {{%s}}%s"
                            .formatted(name, Findings.meant(name, routes.properties().keySet())));
                  }
                  // The daemon may have another environment than the user who runs this check.
                  RouteSet.unsetVariable(matcher)
                      .ifPresent(
                          variable ->
                              findings.warn(
                                  file.path(),
                                  element.line(),
                                  "the environment variable %s is not set here; a daemon without it does not start"
                                      .formatted(variable)));
                }
              });
    }
  }
}
