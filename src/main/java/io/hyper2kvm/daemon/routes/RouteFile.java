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
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

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

  /** Whoever can write a route file can do what the daemon can do. */
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
