package io.hyper2kvm.stage.inspect.windows;

import io.hyper2kvm.guest.windows.RegistryValue;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One hive of a guest's registry, read through the appliance. Every step follows from the answer of
 * the one before: the appliance knows keys and values by numbers that it gives.
 */
final class Hive {

  /** More than any real hive has, in bytes; all of it is checked when it is opened. */
  private static final long MAX_BYTES = 512L << 20;

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
