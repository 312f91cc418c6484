package io.hyper2kvm.config;

import io.hyper2kvm.manifest.parse.Node;
import io.hyper2kvm.manifest.parse.Position;
import io.hyper2kvm.manifest.parse.TreeFindings;
import io.hyper2kvm.manifest.parse.UnreadableException;
import io.hyper2kvm.manifest.parse.YamlTreeReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the configuration file: a flat YAML mapping, with the place of every value. */
final class ConfigFile {

  private static final int LARGEST = 1 << 20;

  private final Path path;
  private final List<ConfigProblem> problems;
  private final List<Setting> settings = new ArrayList<>();
  private boolean readable = true;

  private ConfigFile(Path path, List<ConfigProblem> problems) {
    this.path = path;
    this.problems = problems;
  }

  /**
   * Reads the file; what is wrong is added to {@code problems}.
   *
   * @param path absolute
   */
  static ConfigFile read(Path path, List<ConfigProblem> problems) {
    var file = new ConfigFile(path, problems);
    String text = file.text();
    if (text != null) {
      file.parse(text);
    }
    return file;
  }

  List<Setting> settings() {
    return settings;
  }

  /** Whether the whole file was understood as YAML; if not, a key may be missing only therefore. */
  boolean isReadable() {
    return readable;
  }

  private String text() {
    // A FIFO or a device would block the start for good, so look before opening.
    if (!Files.isRegularFile(path)) {
      return unreadable(
          Files.exists(path) ? "something that is no regular file" : "no such file",
          "a readable YAML file");
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        return unreadable("more than 1 MiB", "a YAML file of at most 1 MiB");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return unreadable("bytes that are not UTF-8", "a text in UTF-8");
    } catch (IOException e) {
      return unreadable("an error on reading (" + e + ")", "a readable YAML file");
    }
  }

  private String unreadable(String found, String allowed) {
    readable = false;
    problems.add(new ConfigProblem(path.toString(), "--config", found, allowed));
    return null;
  }

  private void parse(String text) {
    YamlTreeReader reader = YamlTreeReader.ofWords(text, new Repetitions());
    try {
      Node root = reader.read();
      if (root == null) {
        return;
      }
      if (root.is(Node.Kind.OBJECT)) {
        root.fields().forEach(this::entry);
      } else {
        readable = false;
        problem(root.at(), "file", "no mapping at its top", "lines of \"key: value\"");
      }
    } catch (UnreadableException e) {
      readable = false;
      entriesBefore(reader.soFar());
      problem(
          e.at(),
          "file",
          "a YAML error (" + e.getMessage() + ")",
          e.suggestion().orElse("well-formed YAML"));
    }
  }

  /** What stands before an error; the last value of it may be there by half. */
  private void entriesBefore(Node root) {
    if (root != null) {
      List<String> names = List.copyOf(root.fields().keySet());
      names.stream()
          .limit(Math.max(0, names.size() - 1))
          .forEach(name -> entry(name, root.fields().get(name)));
    }
  }

  private void entry(String name, Node value) {
    var key = ConfigKeys.named(name);
    if (key.isEmpty()) {
      var names = ConfigKeys.all().stream().map(ConfigKey::name).toList();
      problems.add(ConfigProblem.unknown(place(value.keyAt()), name, "an unknown key", names));
      return;
    }
    var origin = new Origin(Origin.Source.FILE, place(value.at()), path.getParent());
    if (key.get().isList()) {
      list(value, key.get(), origin);
      return;
    }
    List<String> texts = scalar(value, name);
    if (texts != null) {
      settings.add(new Setting(key.get(), texts, origin));
    }
  }

  private List<String> scalar(Node value, String name) {
    String wrong = wrongScalar(value);
    if (wrong == null) {
      return List.of(value.asText().orElseThrow());
    }
    problem(value.at(), name, wrong, ConfigKeys.named(name).orElseThrow().allowed());
    return null;
  }

  private void list(Node value, ConfigKey<?> key, Origin origin) {
    if (!value.is(Node.Kind.LIST)) {
      String found = value.is(Node.Kind.OBJECT) ? "a mapping" : "a single value";
      problem(value.at(), key.name(), found, "a list, one \"- path\" per line");
      return;
    }
    var texts = new ArrayList<String>();
    var places = new ArrayList<String>();
    boolean good = true;
    for (Node item : value.items()) {
      boolean mapping = item.is(Node.Kind.OBJECT) && !key.fields().isEmpty() && !item.isAlias();
      List<String> element = mapping ? fields(item, key) : scalar(item, key.name());
      good &= element != null && texts.addAll(element);
      places.add(place(item.at()));
    }
    if (good) {
      settings.add(new Setting(key, texts, origin, places));
    }
  }

  /** A mapping as the one text that means the same. */
  private List<String> fields(Node item, ConfigKey<?> key) {
    var texts = new ArrayList<String>();
    boolean good = true;
    for (var field : item.fields().entrySet()) {
      String name = key + "." + field.getKey();
      Node value = field.getValue();
      if (!key.fields().contains(field.getKey())) {
        String where = place(value.keyAt());
        List<String> names = key.fields().stream().map(known -> key + "." + known).toList();
        problems.add(ConfigProblem.unknown(where, name, "an unknown key", names));
        good = false;
        continue;
      }
      String wrong = wrongScalar(value);
      String text = wrong == null ? value.asText().orElseThrow() : "";
      if (wrong != null || text.indexOf(';') >= 0) {
        problem(
            value.at(), name, wrong != null ? wrong : "a semicolon", "a text without semicolon");
        good = false;
      }
      texts.add(field.getKey() + "=" + text);
    }
    return good ? List.of(String.join("; ", texts)) : null;
  }

  /** Why a node is no plain value, or null if it is one. */
  private static String wrongScalar(Node value) {
    if (value.isAlias()) {
      return "a YAML alias";
    }
    return switch (value.kind()) {
      case NULL -> "a key without a value";
      case LIST -> "a list";
      case OBJECT -> "a mapping";
      default -> null;
    };
  }

  /** A key that stands there twice. What a value may hold is for the key itself to say. */
  private final class Repetitions implements TreeFindings {
    @Override
    public void keyTwice(Node object, String key, Position at) {
      String first = place(object.field(key).orElseThrow().keyAt());
      problem(at, key, "the same key again", "one line; the first is at " + first);
    }

    @Override
    public void malformedText(Node text) {
      // Each key judges its own text.
    }
  }

  private void problem(Position at, String key, String found, String allowed) {
    problems.add(new ConfigProblem(place(at), key, found, allowed));
  }

  private String place(Position at) {
    return "%s:%d:%d".formatted(path, at.line(), at.column());
  }
}
