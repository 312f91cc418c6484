package io.hyper2kvm.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyper2kvm.tool.ToolUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A machine to be configured: real folders below a temporary one, and the sources to fill. */
public final class Site {

  public final Path root;
  public final Map<String, String> environment = new HashMap<>();
  public final Map<ConfigKey<?>, List<String>> flags = new HashMap<>();
  public Optional<Path> file = Optional.empty();
  public Optional<Path> home;

  /** A site whose program has a routes folder. */
  public Site(Path root) throws IOException {
    this.root = Files.createDirectories(root).toRealPath();
    home = Optional.of(this.root.resolve("program"));
    Files.createDirectories(this.root.resolve("program/routes"));
    Files.createFile(this.root.resolve("program/routes/vm-pipeline.camel.yaml"));
  }

  /** A site with a file that holds the two required keys and these lines. */
  public static Site with(Path root, String... lines) throws IOException {
    return new Site(root)
        .file("manifest_workflow_dir: work\noutput_dir: out\n" + String.join("\n", lines));
  }

  /** The file with these lines, and the required keys that they do not name. */
  public Site fileWith(String... lines) throws IOException {
    var text = new StringBuilder();
    for (String required : List.of("manifest_workflow_dir: work", "output_dir: out")) {
      String key = required.substring(0, required.indexOf(':') + 1);
      if (Stream.of(lines).noneMatch(line -> line.startsWith(key))) {
        text.append(required).append('\n');
      }
    }
    return file(text + String.join("\n", lines));
  }

  /** One that whoever runs the tests may give to the tools. */
  static String someUser() {
    return ToolUser.isRoot() ? "nobody" : System.getProperty("user.name");
  }

  public Site file(String text) throws IOException {
    file = Optional.of(Files.writeString(root.resolve("daemon.yaml"), text));
    return this;
  }

  public Site folder(String name) throws IOException {
    Files.createDirectories(root.resolve(name));
    return this;
  }

  public LoadedConfig load() throws ConfigInvalidException {
    return DaemonConfigLoader.load(
        new ConfigSources(file, environment, flags, Map.of(), root, home));
  }

  /** The problems as lines, with the site's own folder left out. */
  public List<String> problems() {
    var thrown = catchThrowableOfType(ConfigInvalidException.class, this::load);
    return thrown == null
        ? List.of()
        : thrown.problems().stream()
            .map(problem -> problem.toString().replace(root + "/", ""))
            .toList();
  }
}
