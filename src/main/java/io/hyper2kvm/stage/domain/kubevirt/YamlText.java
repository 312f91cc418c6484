package io.hyper2kvm.stage.domain.kubevirt;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Documents of YAML from maps, lists, text, numbers and booleans. Text that could be taken for
 * anything else is quoted, as in JSON.
 */
final class YamlText {

  /** Words that YAML 1.1 takes for something else. */
  private static final Set<String> WORDS =
      Set.of("true", "false", "yes", "no", "on", "off", "y", "n", "null");

  private final StringBuilder text = new StringBuilder();

  /** Adds a comment, a line for each of its lines. */
  YamlText comment(String line) {
    text.append("# ").append(line).append('\n');
    return this;
  }

  /** Adds a document. */
  YamlText document(Map<String, Object> document) {
    text.append("---\n");
    map(document, 0, "");
    return this;
  }

  /** All of it. */
  String end() {
    return text.toString();
  }

  /**
   * Writes the entries of a map that is not empty.
   *
   * @param first what stands before the first entry: its indentation, or a list's dash
   */
  private void map(Map<?, ?> map, int depth, String first) {
    String before = first;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      text.append(before).append(scalar(entry.getKey())).append(':');
      value(entry.getValue(), depth);
      before = "  ".repeat(depth);
    }
  }

  private void value(Object value, int depth) {
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      text.append('\n');
      map(map, depth + 1, "  ".repeat(depth + 1));
    } else if (value instanceof List<?> list && !list.isEmpty()) {
      text.append('\n');
      list.forEach(item -> item(item, depth));
    } else {
      text.append(' ').append(scalar(value)).append('\n');
    }
  }

  private void item(Object item, int depth) {
    String dash = "  ".repeat(depth + 1) + "- ";
    if (item instanceof Map<?, ?> map && !map.isEmpty()) {
      map(map, depth + 2, dash);
    } else {
      text.append(dash).append(scalar(item)).append('\n');
    }
  }

  private static String scalar(Object value) {
    if (value instanceof Map<?, ?>) {
      return "{}";
    }
    if (value instanceof List<?>) {
      return "[]";
    }
    String written = String.valueOf(value);
    return !(value instanceof String) || isPlain(written) ? written : quoted(written);
  }

  private static boolean isPlain(String written) {
    return written.matches("[A-Za-z][A-Za-z0-9./-]*")
        && !WORDS.contains(written.toLowerCase(Locale.ROOT));
  }

  private static String quoted(String written) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : written.toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
