package io.hyper2kvm.daemon.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A machine to be configured: real folders below a temporary one, and the sources to fill. */
final class Site {

  final Path root;
  final Map<String, String> environment = new HashMap<>();
  final Map<ConfigKey<?>, List<String>> flags = new HashMap<>();
  Optional<Path> file = Optional.empty();
  Optional<Path> home;

  /** A site whose program has a routes folder. */
  Site(Path root) throws IOException {
    this.root = Files.createDirectories(root).toRealPath();
    home = Optional.of(this.root.resolve("program"));
    Files.createDirectories(this.root.resolve("program/routes"));
    Files.createFile(this.root.resolve("program/routes/vm-pipeline.camel.yaml"));
  }

  /** A site with a file that holds the two required keys and these lines. */
  static Site with(Path root, String... lines) throws IOException {
    var site = new Site(root);
    return site.file("manifest_workflow_dir: work\noutput_dir: out\n" + String.join("\n", lines));
  }

  Site file(String text) throws IOException {
    file = Optional.of(Files.writeString(root.resolve("daemon.yaml"), text));
    return this;
  }

  Site folder(String name) throws IOException {
    Files.createDirectories(root.resolve(name));
    return this;
  }

  LoadedConfig load() throws ConfigInvalidException {
    return DaemonConfigLoader.load(
        new ConfigSources(file, environment, flags, Map.of(), root, home));
  }

  /** The problems as lines, with the site's own folder left out. */
  List<String> problems() {
    var thrown = catchThrowableOfType(ConfigInvalidException.class, this::load);
    return thrown == null
        ? List.of()
        : thrown.problems().stream()
            .map(problem -> problem.toString().replace(root + "/", ""))
            .toList();
  }
}
