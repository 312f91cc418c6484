package io.hyper2kvm.guest.windows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Keys of one hive as they were read, with their values as text. Names of keys and values are found
 * in any case, as Windows finds them.
 *
 * @param byPath the values by the key's path below the hive's root, such as {@code
 *     ControlSet001\Services\viostor}; a key without values has none
 */
public record RegistryKeys(Map<String, Map<String, String>> byPath) {

  /** Nothing was read. */
  public static final RegistryKeys NONE = new RegistryKeys(Map.of());

  public RegistryKeys {
    Map<String, Map<String, String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    byPath.forEach(
        (path, values) -> {
          Map<String, String> named = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
          named.putAll(values);
          copy.put(path, Collections.unmodifiableMap(named));
        });
    byPath = Collections.unmodifiableMap(copy);
  }

  /** Whether the key is there. */
  public boolean has(String path) {
    return byPath.containsKey(path);
  }

  /** The values of a key; none of a key that is not there. */
  public Map<String, String> values(String path) {
    return byPath.getOrDefault(path, Map.of());
  }

  /** One value of a key. */
  public Optional<String> value(String path, String name) {
    return Optional.ofNullable(values(path).get(name));
  }

  /** The same with what was read later; a key that was read again is as it was then. */
  public RegistryKeys with(RegistryKeys later) {
    Map<String, Map<String, String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.putAll(byPath);
    all.putAll(later.byPath);
    return new RegistryKeys(all);
  }

  /**
   * A value that differs from an earlier reading.
   *
   * @param key the key's path
   * @param name the value's name; empty for the key's default value
   * @param before its text before; empty when there was none
   * @param after its text now; empty when there is none
   */
  public record Difference(String key, String name, String before, String after) {}

  /** What is other than in an earlier reading, in the order of the keys. */
  public List<Difference> since(RegistryKeys earlier) {
    List<Difference> differences = new ArrayList<>();
    for (String path : with(earlier).byPath.keySet()) {
      Map<String, String> names = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      names.putAll(earlier.values(path));
      names.putAll(values(path));
      for (String name : names.keySet()) {
        String before = earlier.value(path, name).orElse("");
        String after = value(path, name).orElse("");
        if (!before.equals(after)) {
          differences.add(new Difference(path, name, before, after));
        }
      }
    }
    return differences;
  }
}
