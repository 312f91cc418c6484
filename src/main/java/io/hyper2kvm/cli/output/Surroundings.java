package io.hyper2kvm.cli.output;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What surrounds the process.
 *
 * @param environment all environment variables
 * @param currentDirectory absolute
 * @param home the program's own folder, if the launcher told it
 * @param installedConfig where an installation has the daemon's configuration; need not be there
 */
public record Surroundings(
    Map<String, String> environment,
    Path currentDirectory,
    Optional<Path> home,
    Path installedConfig) {

  /** Where files go that are needed for a while only. */
  public Path scratch() {
    String named = environment.getOrDefault("TMPDIR", "");
    // Not /tmp, which often is in memory: overlays can grow.
    return named.isEmpty() ? Path.of("/var/tmp") : currentDirectory.resolve(named).normalize();
  }

  /** Whether standard error is a terminal that can move its cursor; the launcher tells. */
  public boolean hasTerminal() {
    return Boolean.getBoolean("h2k.terminal")
        && !environment.getOrDefault("TERM", "dumb").equals("dumb");
  }

  /** Whether somebody sits at standard input to be asked; the launcher tells. */
  public boolean mayAsk() {
    return Boolean.getBoolean("h2k.asks");
  }

  public static Surroundings ofThisProcess() {
    return new Surroundings(
        System.getenv(),
        Path.of("").toAbsolutePath(),
        Optional.ofNullable(System.getProperty("h2k.home")).map(Path::of),
        Path.of("/etc/hyper2kvm/manifest-daemon.yaml"));
  }
}
