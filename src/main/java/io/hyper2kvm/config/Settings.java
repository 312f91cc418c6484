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

  /** Leaves out what was written for a key. */
  void forget(ConfigKey<?> key) {
    effective.remove(key);
  }

  /**
   * Settles each two keys that say the same thing: the one from the stronger source stays. From one
   * source, nobody can know which one is meant.
   */
  void settleRivals() {
    List<ConfigKey<?>> keys = ConfigKeys.all();
    for (ConfigKey<?> key : keys) {
      key.otherWord()
          .map(ConfigKey.OtherWord::key)
          .ifPresent(
              rival -> {
                if (keys.indexOf(rival) < keys.indexOf(key)) {
                  settle(rival, key);
                } else {
                  settle(key, rival);
                }
              });
    }
  }

  private void settle(ConfigKey<?> one, ConfigKey<?> other) {
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

  /**
   * Reads everything. What is no value of its key is added to the problems and left out.
   *
   * @param base the folder that the path of a default starts from; absolute
   */
  Values read(Path base) {
    Values values = new Values();
    ConfigKeys.all().forEach(key -> read(key, base, values));
    ConfigKeys.all().forEach(key -> translate(key, values));
    return values;
  }

  private <T> void read(ConfigKey<T> key, Path base, Values values) {
    Setting setting = effective.get(key);
    if (setting == null) {
      key.defaultText()
          .filter(text -> !key.hasComputedDefault())
          .ifPresent(text -> values.put(key, key.parse(text, base)));
      return;
    }
    var read = new ArrayList<T>();
    for (int i = 0; i < setting.texts().size(); i++) {
      String text = setting.texts().get(i);
      try {
        read.add(key.parse(text, setting.origin().base()));
      } catch (IllegalArgumentException e) {
        problems.add(
            new ConfigProblem(
                setting.places().get(i), key.name(), "\"" + text + "\"", key.allowed()));
      }
    }
    values.put(key, read);
  }

  private static <T> void translate(ConfigKey<T> key, Values values) {
    key.otherWord()
        .ifPresent(
            word ->
                values
                    .find(key)
                    .ifPresent(value -> values.put(word.key(), word.meaning().apply(value))));
  }

  /** Adds a problem at the place where the key's value was written. */
  void problem(ConfigKey<?> key, String found, String allowed) {
    String where = origin(key).map(Origin::where).orElse("default");
    problems.add(new ConfigProblem(where, key.name(), found, allowed));
  }
}
