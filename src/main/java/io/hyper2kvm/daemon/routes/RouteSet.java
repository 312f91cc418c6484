package io.hyper2kvm.daemon.routes;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * All routes, with what the program gives them.
 *
 * @param folder where the shipped files are
 * @param files those that could be read
 * @param beans the program's beans by name
 * @param properties the program's properties
 */
record RouteSet(
    Path folder, List<RouteFile> files, Map<String, Object> beans, Map<String, String> properties) {

  /** A placeholder; its name in group 1, a default of its own in group 2. */
  static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}:]*)(:[^{}]*)?}}");

  /** The placeholder that Camel fills in from the environment. */
  private static final String ENVIRONMENT = "env";

  /**
   * The environment variable that a placeholder cannot do without and that is not set; empty: there
   * is none.
   *
   * @param found a match of {@link #PLACEHOLDER}
   */
  static Optional<String> unsetVariable(MatchResult found) {
    boolean variable = found.group(1).equals(ENVIRONMENT) && found.group(2) != null;
    return Optional.ofNullable(variable ? found.group(2).substring(1) : null)
        .filter(name -> !name.contains(":") && System.getenv(name) == null);
  }

  List<RouteFile.Route> routes() {
    return files.stream().flatMap(file -> file.routes().stream()).toList();
  }

  Optional<RouteFile.Route> route(String id) {
    return routes().stream().filter(route -> route.id().equals(id)).findFirst();
  }

  /** A text with its known placeholders filled in. */
  String resolve(String text) {
    Matcher matcher = PLACEHOLDER.matcher(text);
    return matcher.replaceAll(
        found -> {
          String value = properties.get(found.group(1));
          return Matcher.quoteReplacement(value == null ? found.group() : value);
        });
  }
}
