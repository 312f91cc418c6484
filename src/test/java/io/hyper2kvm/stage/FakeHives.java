package io.hyper2kvm.stage;

import io.hyper2kvm.guest.windows.RegistryKeys;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The registry of a Windows in memory, as the appliance's hivex commands show it: keys and values
 * by numbers.
 */
public final class FakeHives {

  private static final byte[] NOTHING = {};

  /** The keys of each hive, by its path in the guest; a hive that is not here cannot be opened. */
  public final Map<String, Map<String, Map<String, String>>> byFile = new TreeMap<>();

  private Map<String, Map<String, String>> open = Map.of();
  private final List<String> nodes = new ArrayList<>();
  private final List<String[]> values = new ArrayList<>();

  /** Adds a key with its values: a number is a dword, other texts are strings. */
  public FakeHives key(String file, String path, String... namesAndValues) {
    Map<String, Map<String, String>> keys =
        byFile.computeIfAbsent(file, it -> new TreeMap<>(String.CASE_INSENSITIVE_ORDER));
    String above = path;
    while (above.contains("\\")) {
      above = above.substring(0, above.lastIndexOf('\\'));
      keys.putIfAbsent(above, new TreeMap<>(String.CASE_INSENSITIVE_ORDER));
    }
    Map<String, String> all =
        keys.computeIfAbsent(path, it -> new TreeMap<>(String.CASE_INSENSITIVE_ORDER));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      all.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return this;
  }

  /** Adds all keys of a reading. */
  public FakeHives keys(String file, RegistryKeys keys) {
    keys.byPath()
        .forEach(
            (path, found) -> {
              key(file, path);
              found.forEach((name, value) -> key(file, path, name, value));
            });
    return this;
  }

  byte[] run(String command, List<String> words) {
    return switch (command) {
      case "hivex-open" -> {
        open = byFile.getOrDefault(words.get(0), Map.of());
        nodes.clear();
        values.clear();
        nodes.add("");
        yield NOTHING;
      }
      case "hivex-root" -> open.isEmpty() ? NOTHING : line("1");
      case "hivex-node-get-child" -> child(node(words.get(0)), words.get(1));
      case "hivex-node-values" -> list(node(words.get(0)));
      case "hivex-node-get-value" -> {
        String node = node(words.get(0));
        yield open.getOrDefault(node, Map.of()).containsKey(words.get(1))
            ? line(String.valueOf(value(node, words.get(1))))
            : line("0");
      }
      case "hivex-value-key" -> line(value(words.get(0))[1]);
      case "hivex-value-type" -> line(isNumber(text(words.get(0))) ? "4" : "1");
      case "hivex-value-value" -> content(text(words.get(0)));
      default -> NOTHING;
    };
  }

  private byte[] child(String node, String name) {
    String path = node.isEmpty() ? name : node + "\\" + name;
    if (!open.containsKey(path)) {
      return line("0");
    }
    nodes.add(path);
    return line(String.valueOf(nodes.size()));
  }

  private byte[] list(String node) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int index = 0;
    for (String name : new TreeSet<>(open.get(node).keySet())) {
      out.writeBytes(
          line("[%d] = {\n  hivex_value_h: %d\n}".formatted(index++, value(node, name))));
    }
    return out.toByteArray();
  }

  private String node(String number) {
    return nodes.get(Integer.parseInt(number) - 1);
  }

  private int value(String node, String name) {
    values.add(new String[] {node, name});
    return values.size();
  }

  private String[] value(String number) {
    return values.get(Integer.parseInt(number) - 1);
  }

  private String text(String number) {
    String[] value = value(number);
    return open.get(value[0]).get(value[1]);
  }

  private static boolean isNumber(String text) {
    return text.matches("[0-9]{1,9}");
  }

  private static byte[] content(String text) {
    return isNumber(text)
        ? ByteBuffer.allocate(4)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(Integer.parseInt(text))
            .array()
        : (text + "\0").getBytes(StandardCharsets.UTF_16LE);
  }

  private static byte[] line(String text) {
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
