package io.hyper2kvm.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the configuration is read from.
 *
 * @param file the configuration file, if one was named
 * @param environment the process's environment; what does not begin with {@code HYPER2KVM_} is
 *     ignored
 * @param flags what was given on the command line; for a list key one element per use of the flag
 * @param currentDirectory where relative paths of the environment and the command line start;
 *     absolute
 * @param defaults what stands in for a key that nobody set, where a command has a default of its
 *     own; its relative paths start at {@code currentDirectory}
 * @param home the program's own folder, which holds {@code routes/}; empty if not known
 */
public record ConfigSources(
    Optional<Path> file,
    Map<String, String> environment,
    Map<ConfigKey<?>, List<String>> flags,
    Map<ConfigKey<?>, List<String>> defaults,
    Path currentDirectory,
    Optional<Path> home) {

  public ConfigSources {
    environment = Map.copyOf(environment);
    flags = Map.copyOf(flags);
    defaults = Map.copyOf(defaults);
    if (!currentDirectory.isAbsolute()) {
      throw new IllegalArgumentException("currentDirectory is not absolute: " + currentDirectory);
    }
    file = file.map(currentDirectory::resolve);
    home = home.map(currentDirectory::resolve);
  }
}
