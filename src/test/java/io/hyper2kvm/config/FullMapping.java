package io.hyper2kvm.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** One record of the configuration, read from a file that sets every key of it. */
final class FullMapping<R extends Record> {

  private final Class<R> type;
  private final R defaults;
  private final R read;
  private final List<String> written;

  private FullMapping(Class<R> type, R defaults, R read, List<String> written) {
    this.type = type;
    this.defaults = defaults;
    this.read = read;
    this.written = written;
  }

  /**
   * Reads a file of the required keys and these lines, each with one key. A line wins over the
   * required key that it names.
   */
  static <R extends Record> FullMapping<R> of(
      Site site, Class<R> type, Function<DaemonConfig, R> component, String... lines)
      throws Exception {
    R defaults = component.apply(site.fileWith().load().config());
    R read = component.apply(site.fileWith(lines).load().config());
    List<String> written =
        Stream.of(lines).map(line -> line.substring(0, line.indexOf(':'))).toList();
    return new FullMapping<>(type, defaults, read, written);
  }

  /** Checks the record, and that no key and no component of it was left as it is by default. */
  void isEqualTo(R expected) throws ReflectiveOperationException {
    assertThat(read).isEqualTo(expected);
    assertThat(written)
        .as("the keys of " + type.getSimpleName())
        .containsExactlyInAnyOrderElementsOf(
            keys(type).stream()
                .filter(key -> key.otherWord().isEmpty())
                .map(ConfigKey::name)
                .toList());
    for (RecordComponent component : type.getRecordComponents()) {
      assertThat(component.getAccessor().invoke(read))
          .as(component.getName())
          .isNotEqualTo(component.getAccessor().invoke(defaults));
    }
  }

  /** The keys that a class declares. */
  static List<ConfigKey<?>> keys(Class<?> type) throws IllegalAccessException {
    var keys = new ArrayList<ConfigKey<?>>();
    for (var field : type.getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers()) && field.getType() == ConfigKey.class) {
        keys.add((ConfigKey<?>) field.get(null));
      }
    }
    return keys;
  }
}
