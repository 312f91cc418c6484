package io.hyper2kvm.cli;

import io.hyper2kvm.cli.output.Surroundings;
import io.hyper2kvm.config.ConfigInvalidException;
import io.hyper2kvm.config.ConfigKey;
import io.hyper2kvm.config.ConfigKeys;
import io.hyper2kvm.config.ConfigSources;
import io.hyper2kvm.config.DaemonConfigLoader;
import io.hyper2kvm.config.LoadedConfig;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The command lines by which a service starts its daemon, {@code daemon --KEY VALUE …} and {@code
 * --config FILE}, read without picocli, whose model of all options takes a fifth of a daemon's
 * start. Whatever else is there, and whatever is wrong, is left to picocli: it alone explains.
 */
final class PlainStart {

  private static final String CONFIG = "--config";

  private final Iterator<String> words;
  private final Map<ConfigKey<?>, List<String>> flags = new HashMap<>();
  private String file;

  private PlainStart(List<String> words) {
    this.words = words.iterator();
  }

  /** Whether these words begin a command line that starts a daemon. */
  static boolean begins(String... words) {
    return words.length > 0 && (words[0].equals("daemon") || words[0].equals(CONFIG));
  }

  /** The configuration that picocli would come to; empty: ask picocli. */
  static Optional<LoadedConfig> load(Surroundings surroundings, String... words) {
    if (!begins(words)) {
      return Optional.empty();
    }
    boolean alone = words[0].equals(CONFIG);
    if (alone && words.length != 2) {
      return Optional.empty();
    }
    PlainStart start = new PlainStart(List.of(words).subList(alone ? 0 : 1, words.length));
    try {
      if (!start.read()) {
        return Optional.empty();
      }
      return Optional.of(
          DaemonConfigLoader.load(
              new ConfigSources(
                  Optional.ofNullable(start.file).map(Path::of),
                  surroundings.environment(),
                  start.flags,
                  Map.of(),
                  surroundings.currentDirectory(),
                  surroundings.home())));
    } catch (ConfigInvalidException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** Whether all words were plain. */
  private boolean read() {
    while (words.hasNext()) {
      String word = words.next();
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      Optional<String> value =
          equals < 0 ? Optional.empty() : Optional.of(word.substring(equals + 1));
      if (name.equals(CONFIG)) {
        String text = value.orElseGet(this::next);
        if (file != null || !isPlain(text)) {
          return false;
        }
        file = text;
      } else if (!flag(name, value)) {
        return false;
      }
    }
    return true;
  }

  private boolean flag(String name, Optional<String> value) {
    ConfigKey<?> key = key(name);
    if (key == null || (flags.containsKey(key) && !key.isList())) {
      return false;
    }
    if (key.isSwitch()) {
      flags.put(key, List.of("true"));
      return value.isEmpty();
    }
    String text = value.orElseGet(this::next);
    flags.computeIfAbsent(key, unused -> new ArrayList<>()).add(text);
    return isPlain(text);
  }

  private static ConfigKey<?> key(String flag) {
    for (ConfigKey<?> key : ConfigKeys.all()) {
      if (key != ConfigKeys.COMMAND && key.flag().equals(flag)) {
        return key;
      }
    }
    return null;
  }

  private String next() {
    return words.hasNext() ? words.next() : "";
  }

  private static boolean isPlain(String value) {
    return !value.isEmpty() && !value.startsWith("-");
  }
}
