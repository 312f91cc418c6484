package io.hyper2kvm.daemon.routes;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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

  private static final String ENDING = ".camel.yaml";
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

  /** Reads all files of a folder; what cannot be read is a problem, not an exception. */
  static List<RouteFile> readAll(Path folder, Findings findings) {
    List<Path> paths;
    try (Stream<Path> list = Files.list(folder)) {
      paths = list.filter(path -> path.toString().endsWith(ENDING)).sorted().toList();
    } catch (IOException e) {
      findings.error(folder, 0, "the folder of the routes cannot be read: " + e);
      return List.of();
    }
    if (paths.isEmpty()) {
      findings.error(folder, 0, "there is no route file, *.camel.yaml, in this folder");
    }
    List<RouteFile> files = new ArrayList<>();
    paths.forEach(path -> read(path, findings).ifPresent(files::add));
    return files;
  }

  private static Optional<RouteFile> read(Path path, Findings findings) {
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
