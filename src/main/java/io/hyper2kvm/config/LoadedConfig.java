package io.hyper2kvm.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A configuration together with where each of its values was written.
 *
 * @param config the values
 * @param origins the place of every value that is no default
 * @param texts the values of every key as they would be written; none for a key that is not set
 */
public record LoadedConfig(
    DaemonConfig config, Map<ConfigKey<?>, Origin> origins, Map<ConfigKey<?>, List<String>> texts) {

  public LoadedConfig {
    origins = Map.copyOf(origins);
    texts = Collections.unmodifiableMap(new LinkedHashMap<>(texts)); // keeps the order
  }

  /**
   * The effective configuration as a configuration file, with the place of each value as a comment.
   * Loading it gives the same configuration.
   */
  public String print() {
    var out = new StringBuilder();
    texts.forEach(
        (key, values) -> {
          if (key.otherWord().isEmpty()) {
            append(out, key, values);
          }
        });
    return out.toString();
  }

  private void append(StringBuilder out, ConfigKey<?> key, List<String> values) {
    String place = "  # " + place(key) + "\n";
    if (values.isEmpty()) {
      out.append("# ").append(key).append(": not set\n");
    } else if (key.isList()) {
      out.append(key).append(':').append(place);
      values.forEach(text -> out.append("  - ").append(quoted(text)).append('\n'));
    } else {
      out.append(key).append(": ").append(quoted(values.get(0))).append(place);
    }
  }

  private String place(ConfigKey<?> key) {
    // A value may have been written in another key's words.
    Origin origin =
        origins.entrySet().stream()
            .filter(entry -> stands(entry.getKey(), key))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse(origins.get(key));
    return origin == null ? "default" : origin.where().replaceAll("\\p{Cntrl}", "?");
  }

  private static boolean stands(ConfigKey<?> key, ConfigKey<?> other) {
    return key.otherWord().map(word -> word.key() == other).orElse(false);
  }

  /** Plain where YAML reads it back as it is, else in double quotes with escapes. */
  private static String quoted(String text) {
    if (text.matches("[A-Za-z0-9/][A-Za-z0-9/._-]*")) {
      return text;
    }
    var out = new StringBuilder("\"");
    text.chars()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                out.append('\\').append((char) c);
              } else if (c < 0x20 || c >= 0x7f) {
                out.append("\\u%04x".formatted(c));
              } else {
                out.append((char) c);
              }
            });
    return out.append('"').toString();
  }
}
