package io.hyper2kvm.daemon.routes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where the route files are. A file of the operator's folder stands in for the shipped one of the
 * same name, or adds to them.
 *
 * @param shipped the shipped files, or the operator's copy of them
 * @param extra the operator's own files; the folder need not be there
 */
public record RouteFolders(Path shipped, Path extra) {

  /** What a route file's name ends with; others are left alone. */
  static final String ENDING = ".camel.yaml";

  /**
   * A file whose routes are run.
   *
   * @param path where it is
   * @param extra whether it is one of the operator's folder
   * @param replaced the shipped file that it stands in for
   */
  public record Source(Path path, boolean extra, Optional<Path> replaced) {

    /** The ids of its routes, in the file's order; none of a file that cannot be read. */
    public List<String> routes() {
      return RouteFile.read(path, new Findings())
          .map(file -> file.routes().stream().map(RouteFile.Route::id).toList())
          .orElse(List.of());
    }
  }

  public RouteFolders {
    Objects.requireNonNull(shipped, "shipped");
    Objects.requireNonNull(extra, "extra");
  }

  /**
   * The files whose routes are run, by their names.
   *
   * @throws IOException when a folder cannot be read
   */
  public List<Source> sources() throws IOException {
    Map<String, Source> sources = new TreeMap<>();
    for (Path file : filesOf(shipped)) {
      sources.put(name(file), new Source(file, false, Optional.empty()));
    }
    if (Files.exists(extra)) {
      for (Path file : filesOf(extra)) {
        Optional<Path> replaced = Optional.ofNullable(sources.get(name(file))).map(Source::path);
        sources.put(name(file), new Source(file, true, replaced));
      }
    }
    return List.copyOf(sources.values());
  }

  /**
   * The files, as Camel is told of them.
   *
   * @throws IOException when a folder cannot be read
   */
  public String pattern() throws IOException {
    return sources().stream()
        .map(source -> "file:" + source.path().toAbsolutePath())
        .collect(Collectors.joining(","));
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private static List<Path> filesOf(Path folder) throws IOException {
    try (Stream<Path> list = Files.list(folder)) {
      return list.filter(path -> name(path).endsWith(ENDING)).sorted().toList();
    }
  }
}
