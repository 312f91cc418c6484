package io.hyper2kvm.daemon.routes;

import io.hyper2kvm.manifest.parse.Node;
import io.hyper2kvm.manifest.parse.Position;
import io.hyper2kvm.manifest.parse.TreeFindings;
import io.hyper2kvm.manifest.parse.UnreadableException;
import io.hyper2kvm.manifest.parse.YamlTreeReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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
    Node root;
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
      root = YamlTreeReader.ofWords(Files.readString(path), new Repetitions(path, findings)).read();
    } catch (UnreadableException e) {
      String hint = e.suggestion().map(text -> ". " + text).orElse("");
      findings.error(path, e.at().line(), e.getMessage() + hint);
      return Optional.empty();
    } catch (CharacterCodingException e) {
      findings.error(path, 0, "the file is not UTF-8");
      return Optional.empty();
    } catch (IOException e) {
      findings.error(path, 0, "the file cannot be read: " + e);
      return Optional.empty();
    }
    if (root == null) {
      findings.error(path, 0, "the file is empty; a list of routes belongs there");
      return Optional.empty();
    }
    RouteFile file = new RouteFile(path, new Element(root));
    if (!file.root.isList()) {
      findings.error(
          path, file.root.line(), "a list belongs there: each route begins with \"- route:\"");
      return Optional.empty();
    }
    return Optional.of(file);
  }

  /** What is wrong with a file that can be read all the same. */
  private record Repetitions(Path path, Findings findings) implements TreeFindings {
    @Override
    public void keyTwice(Node object, String key, Position at) {
      findings.error(path, at.line(), "the key %s stands there twice".formatted(key));
    }

    @Override
    public void malformedText(Node text) {
      findings.error(path, text.at().line(), "the text holds a NUL or half of a character");
    }
  }
}
