package io.hyper2kvm.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads the environment variables that begin with {@code HYPER2KVM_}. */
final class EnvironmentSettings {

  private static final String PREFIX = "HYPER2KVM_";

  /** What the launcher reads; no keys of the daemon. */
  private static final Set<String> LAUNCHER =
      Set.of("HYPER2KVM_HOME", "HYPER2KVM_JAVA_OPTS", "HYPER2KVM_LIB_D");

  /**
   * As in PATH: a colon cannot be told from a colon in a folder's name, so use the file for those.
   */
  private static final String LIST_SEPARATOR = ":";

  private EnvironmentSettings() {}

  /** The settings, in the order of the variables' names; unknown names go to {@code problems}. */
  static List<Setting> read(
      Map<String, String> environment, Path currentDirectory, List<ConfigProblem> problems) {
    var settings = new ArrayList<Setting>();
    var names = ConfigKeys.all().stream().map(ConfigKey::environmentVariable).toList();
    new TreeMap<>(environment)
        .forEach(
            (name, value) -> {
              if (!name.startsWith(PREFIX) || LAUNCHER.contains(name)) {
                return;
              }
              int index = names.indexOf(name);
              if (index < 0) {
                problems.add(
                    ConfigProblem.unknown("environment", name, "an unknown variable", names));
                return;
              }
              ConfigKey<?> key = ConfigKeys.all().get(index);
              List<String> texts =
                  key.isList() ? List.of(value.split(LIST_SEPARATOR, -1)) : List.of(value);
              var origin = new Origin(Origin.Source.ENVIRONMENT, name, currentDirectory);
              settings.add(new Setting(key, texts, origin));
            });
    return settings;
  }
}
