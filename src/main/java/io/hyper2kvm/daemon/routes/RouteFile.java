package io.hyper2kvm.daemon.routes;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * A route file, read.
 *
 * @param path where it is
 * @param root its list of routes and route configurations
 */
record RouteFile(Path path, Element root) {

  private static final Pattern NAME = Pattern.compile("[\\w.-]+");
  private static final long MAX_BYTES = 1 << 20;

  /** A route of a file. */
  record Route(RouteFile file, Element element) {

    String id() {
      return element.text("id");
    }

    /** Where its messages come from. */
    String from() {
      return element.at("from").map(from -> from.text("uri")).orElse("");
    }
  }

  /** The routes in the order of the file. */
  List<Route> routes() {
    return root.items().stream()
        .flatMap(entry -> entry.at("route").stream())
        .map(route -> new Route(this, route))
        .toList();
  }

  /** Reads all files; what cannot be read is a problem, not an exception. */
  static List<RouteFile> readAll(RouteFolders folders, Findings findings) {
    List<RouteFolders.Source> sources;
    try {
      sources = folders.sources();
    } catch (IOException e) {
      findings.error(folders.shipped(), 0, "the folder of the routes cannot be read: " + e);
      return List.of();
    }
    if (sources.isEmpty()) {
      findings.error(folders.shipped(), 0, "there is no route file, *.camel.yaml, in this folder");
    }
    requireOwn(folders.extra(), findings);
    List<RouteFile> files = new ArrayList<>();
    for (RouteFolders.Source source : sources) {
      if (source.extra()) {
        requireOwn(source.path(), findings);
      }
      if (!NAME.matcher(source.path().getFileName().toString()).matches()) {
        findings.error(
            source.path(), 0, "a route file's name is made of letters, digits, dots, _ and -");
      }
      read(source.path(), findings).ifPresent(files::add);
    }
    return files;
  }

  /** Who may write routes does what the daemon may do. */
  private static void requireOwn(Path path, Findings findings) {
    try {
      if (Files.exists(path)
          && Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_WRITE)) {
        findings.error(path, 0, "anybody may write to it, and routes have the daemon's rights");
      }
    } catch (IOException e) {
      findings.error(path, 0, "its mode cannot be read: " + e);
    }
  }

  /** Reads a file; what is wrong with it is a problem, not an exception. */
  static Optional<RouteFile> read(Path path, Findings findings) {
    Node node;
    try {
      if (!Files.isRegularFile(path)) {
        findings.error(path, 0, "this is no file");
        return Optional.empty();
      }
      if (Files.size(path) > MAX_BYTES) {
        findings.error(
            path,
            0,
            "the file has %d bytes; a route file has at most %d"
                .formatted(Files.size(path), MAX_BYTES));
        return Optional.empty();
      }
      LoaderOptions options = new LoaderOptions();
      options.setMaxAliasesForCollections(20);
      options.setNestingDepthLimit(100);
      Yaml yaml = new Yaml(new SafeConstructor(options));
      node = yaml.compose(new java.io.StringReader(Files.readString(path)));
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
      findings.error(path, line, "this is not YAML: " + e.getProblem());
      return Optional.empty();
    } catch (YAMLException e) {
      findings.error(path, 0, "this is not YAML: " + e.getMessage());
      return Optional.empty();
    } catch (CharacterCodingException e) {
      findings.error(path, 0, "the file is not UTF-8");
      return Optional.empty();
    } catch (IOException e) {
      findings.error(path, 0, "the file cannot be read: " + e);
      return Optional.empty();
    }
    if (node == null) {
      findings.error(path, 0, "the file is empty; a list of routes belongs there");
      return Optional.empty();
    }
    RouteFile file = new RouteFile(path, new Element(node));
    if (!file.root.isList()) {
      findings.error(
          path, file.root.line(), "a list belongs there: each route begins with \"- route:\"");
      return Optional.empty();
    }
    file.root.visit(
        (key, element) ->
            element
                .repeatedKeys()
                .forEach(
                    (name, line) ->
                        findings.error(
                            path, line, "the key %s stands there twice".formatted(name))));
    return Optional.of(file);
  }
}
