package io.hyper2kvm.config;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is in effect for each key: what was written, or the default. */
final class Values {

  private final Map<ConfigKey<?>, List<?>> values = new HashMap<>();

  /** Sets all values of a key; none means that it is not set. */
  <T> void put(ConfigKey<T> key, List<T> of) {
    values.put(key, List.copyOf(of));
  }

  /** Sets the one value of a key. */
  <T> void put(ConfigKey<T> key, T value) {
    put(key, List.of(value));
  }

  /** The elements of a list key. */
  <T> List<T> list(ConfigKey<T> key) {
    @SuppressWarnings("unchecked") // put() takes no others
    List<T> of = (List<T>) values.getOrDefault(key, List.of());
    return of;
  }

  /** The value of a key that need not be set. */
  <T> Optional<T> find(ConfigKey<T> key) {
    return list(key).stream().findFirst();
  }

  /**
   * The value of a key that has a default or is required.
   *
   * @throws IllegalStateException if it is not set: its problem should have been told before
   */
  <T> T get(ConfigKey<T> key) {
    return find(key).orElseThrow(() -> new IllegalStateException("no value of " + key));
  }

  /** The values as a configuration file would have them, in the order of the keys. */
  Map<ConfigKey<?>, List<String>> texts() {
    var texts = new LinkedHashMap<ConfigKey<?>, List<String>>();
    for (ConfigKey<?> key : ConfigKeys.all()) {
      texts.put(key, list(key).stream().map(ValueSyntax::text).toList());
    }
    return texts;
  }
}
