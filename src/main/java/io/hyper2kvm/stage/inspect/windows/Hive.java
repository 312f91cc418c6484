package io.hyper2kvm.stage.inspect.windows;

import io.hyper2kvm.guest.windows.RegistryKeys;
import io.hyper2kvm.guest.windows.RegistryValue;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * One hive of a guest's registry, read through the appliance. Every step follows from the answer of
 * the one before: the appliance knows keys and values by numbers that it gives.
 */
final class Hive {

  /** More than any real hive has, in bytes; all of it is checked when it is opened. */
  private static final long MAX_BYTES = 512L << 20;

  /** Of one key; real ones that are read here have a dozen. */
  private static final int MOST_VALUES = 64;

  private static final Pattern VALUE = Pattern.compile("hivex_value_h: ([1-9][0-9]{0,18})\\b");

  private static final String NODE = "node";
  private static final String SIZE = "size";

  private final GuestfishSession session;
  private final String device;
  private final String path;

  /**
   * A hive that is not open yet.
   *
   * @param device the file system that it is on
   * @param path its path there, in the right case
   */
  Hive(GuestfishSession session, String device, String path) {
    this.session = session;
    this.device = device;
    this.path = path;
  }

  /**
   * Opens it and goes on; whatever was added then is asked before it is closed.
   *
   * @param opened takes the number of its root
   * @param refused is run when it cannot be opened
   */
  void open(Consumer<String> opened, Runnable refused) {
    session.then(
        () -> new GuestfishScript().run("mount-ro", device, "/").ask(SIZE, "filesize", path),
        answers -> {
          String size = answers.text(SIZE).strip();
          if (size.matches("[0-9]{1,15}") && Long.parseLong(size) <= MAX_BYTES) {
            session
                .then(
                    () -> new GuestfishScript().run("hivex-open", path).ask(NODE, "hivex-root"),
                    root -> {
                      String node = number(root, NODE);
                      if (node.isEmpty()) {
                        refused.run();
                      } else {
                        opened.accept(node);
                      }
                    })
                .then(() -> new GuestfishScript().run("hivex-close"), closed -> {});
          } else {
            refused.run();
          }
          session.then(() -> new GuestfishScript().run("umount-all"), unmounted -> {});
        });
  }

  /** Goes down the keys; where one is missing, {@code found} gets nothing. */
  void key(String from, List<String> names, Consumer<String> found) {
    if (names.isEmpty()) {
      found.accept(from);
      return;
    }
    session.then(
        () -> new GuestfishScript().ask(NODE, "hivex-node-get-child", from, names.get(0)),
        answers -> {
          String node = number(answers, NODE);
          if (!node.isEmpty()) {
            key(node, names.subList(1, names.size()), found);
          }
        });
  }

  /** Reads the values of a key, as far as it has them. */
  void values(String node, List<String> names, Consumer<Map<String, String>> found) {
    session.then(
        () -> {
          GuestfishScript script = new GuestfishScript();
          names.forEach(name -> script.ask(name, "hivex-node-get-value", node, name));
          return script;
        },
        answers -> {
          Map<String, String> numbers = new LinkedHashMap<>();
          names.stream()
              .filter(name -> !number(answers, name).isEmpty())
              .forEach(name -> numbers.put(name, number(answers, name)));
          session.then(() -> contents(numbers), read -> found.accept(texts(numbers, read)));
        });
  }

  /**
   * Goes down to several keys at once, one level in each turn.
   *
   * @param paths the keys below {@code root}, their names separated by backslashes
   * @param found gets the numbers of those that are there, by their path
   */
  void keys(String root, Collection<String> paths, Consumer<Map<String, String>> found) {
    walk(Map.of("", root), Set.copyOf(paths), found);
  }

  private void walk(
      Map<String, String> known, Set<String> paths, Consumer<Map<String, String>> found) {
    Map<String, String> next = new LinkedHashMap<>();
    for (String path : paths) {
      String above = deepest(known, path);
      if (above != null && !above.equals(path)) {
        int end = path.indexOf('\\', above.isEmpty() ? 0 : above.length() + 1);
        next.put(end < 0 ? path : path.substring(0, end), above);
      }
    }
    if (next.isEmpty()) {
      Map<String, String> wanted = new LinkedHashMap<>(known);
      wanted.keySet().retainAll(paths);
      wanted.values().removeIf(String::isEmpty);
      found.accept(wanted);
      return;
    }
    session.then(
        () -> {
          GuestfishScript script = new GuestfishScript();
          next.forEach(
              (path, above) ->
                  script.ask(
                      path,
                      "hivex-node-get-child",
                      known.get(above),
                      path.substring(path.lastIndexOf('\\') + 1)));
          return script;
        },
        answers -> {
          Map<String, String> more = new LinkedHashMap<>(known);
          // An empty number marks a key that is not there.
          next.keySet().forEach(path -> more.put(path, number(answers, path)));
          walk(more, paths, found);
        });
  }

  /** The deepest key above a path, or at it, that is known; null when one of them is not there. */
  private static String deepest(Map<String, String> known, String path) {
    String above = path;
    while (!known.containsKey(above)) {
      above = above.contains("\\") ? above.substring(0, above.lastIndexOf('\\')) : "";
    }
    return known.get(above).isEmpty() ? null : above;
  }

  /** Reads all values of keys, up to a number that no key in question has. */
  void values(Map<String, String> keys, Consumer<RegistryKeys> found) {
    session.then(
        () -> {
          GuestfishScript script = new GuestfishScript();
          keys.forEach((path, node) -> script.ask(path, "hivex-node-values", node));
          return script;
        },
        answers -> {
          Map<String, List<String>> numbers = new LinkedHashMap<>();
          keys.keySet().forEach(path -> numbers.put(path, valueNumbers(answers.text(path))));
          session.then(() -> named(numbers), read -> found.accept(registryKeys(numbers, read)));
        });
  }

  private static List<String> valueNumbers(String text) {
    return VALUE
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .distinct()
        .limit(MOST_VALUES)
        .toList();
  }

  private static GuestfishScript named(Map<String, List<String>> numbers) {
    GuestfishScript script = new GuestfishScript();
    numbers.values().stream()
        .flatMap(List::stream)
        .distinct()
        .forEach(
            value ->
                script
                    .ask(value + "/name", "hivex-value-key", value)
                    .ask(value + "/type", "hivex-value-type", value)
                    .ask(value, "hivex-value-value", value));
    return script;
  }

  private static RegistryKeys registryKeys(
      Map<String, List<String>> numbers, GuestfishAnswers read) {
    Map<String, Map<String, String>> keys = new LinkedHashMap<>();
    numbers.forEach(
        (path, values) -> {
          Map<String, String> texts = new LinkedHashMap<>();
          for (String value : values) {
            String type = read.text(value + "/type").strip();
            String name = read.text(value + "/name");
            if (type.matches("[0-9]{1,5}")) {
              texts.put(
                  name.endsWith("\n") ? name.substring(0, name.length() - 1) : name,
                  new RegistryValue(Integer.parseInt(type), read.bytes(value)).shown());
            }
          }
          keys.put(path, texts);
        });
    return new RegistryKeys(keys);
  }

  private static GuestfishScript contents(Map<String, String> numbers) {
    GuestfishScript script = new GuestfishScript();
    numbers.forEach(
        (name, value) ->
            script
                .ask(name + "/type", "hivex-value-type", value)
                .ask(name, "hivex-value-value", value));
    return script;
  }

  private static Map<String, String> texts(Map<String, String> numbers, GuestfishAnswers read) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (String name : numbers.keySet()) {
      String type = number(read, name + "/type");
      if (!type.isEmpty() && type.length() < 6) {
        new RegistryValue(Integer.parseInt(type), read.bytes(name))
            .text()
            .ifPresent(text -> texts.put(name, text));
      }
    }
    return texts;
  }

  /** The number that the appliance answers; it answers 0 for what is not there. */
  private static String number(GuestfishAnswers answers, String key) {
    String text = answers.text(key).strip();
    return text.matches("[1-9][0-9]{0,18}") ? text : "";
  }
}
