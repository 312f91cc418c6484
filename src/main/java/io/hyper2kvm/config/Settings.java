package io.hyper2kvm.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings that won over the others of their key, read into values of their types. */
final class Settings {

  private final Map<ConfigKey<?>, Setting> effective = new HashMap<>();
  private final List<ConfigProblem> problems;

  Settings(List<ConfigProblem> problems) {
    this.problems = problems;
  }

  /** Adds the settings of one source; they win over what is there. */
  void override(Collection<Setting> settings) {
    settings.forEach(setting -> effective.put(setting.key(), setting));
  }

  /**
   * Settles two keys that say the same thing: the one from the stronger source stays. From one
   * source, nobody can know which one is meant.
   */
  void settleRivals(ConfigKey<?> one, ConfigKey<?> other) {
    Setting first = effective.get(one);
    Setting second = effective.get(other);
    if (first == null || second == null) {
      return;
    }
    int order = first.origin().source().compareTo(second.origin().source());
    if (order == 0) {
      problem(
          other,
          "besides " + one + " (" + first.origin().where() + ")",
          "one of %s and %s".formatted(one, other));
    }
    effective.remove(order < 0 ? one : other);
  }

  /** Where the value of a key comes from; empty if nothing was written for it. */
  Optional<Origin> origin(ConfigKey<?> key) {
    return Optional.ofNullable(effective.get(key)).map(Setting::origin);
  }

  /** The single value of a key; null if nothing is written or it was added to the problems. */
  <T> T value(ConfigKey<T> key) {
    Setting setting = effective.get(key);
    return setting == null ? null : parse(key, setting.texts().get(0), setting.origin());
  }

  /** The value of a key or its default; null only if what is written is no value. */
  <T> T valueOrDefault(ConfigKey<T> key, Path base) {
    return effective.containsKey(key)
        ? value(key)
        : key.parse(key.defaultText().orElseThrow(), base);
  }

  /** The elements of a list key; without those that were added to the problems. */
  <T> List<T> list(ConfigKey<T> key) {
    var values = new ArrayList<T>();
    Setting setting = effective.get(key);
    if (setting != null) {
      for (String text : setting.texts()) {
        T value = parse(key, text, setting.origin());
        if (value != null) {
          values.add(value);
        }
      }
    }
    return values;
  }

  /** Adds a problem at the place where the key's value was written. */
  void problem(ConfigKey<?> key, String found, String allowed) {
    String where = origin(key).map(Origin::where).orElse("default");
    problems.add(new ConfigProblem(where, key.name(), found, allowed));
  }

  private <T> T parse(ConfigKey<T> key, String text, Origin origin) {
    try {
      return key.parse(text, origin.base());
    } catch (IllegalArgumentException e) {
      problem(key, "\"" + text + "\"", key.allowed());
      return null;
    }
  }
}
