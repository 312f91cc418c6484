package io.hyper2kvm.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the configuration file: a flat YAML mapping, with the place of every value. */
final class ConfigFile {

  private static final int LARGEST = 1 << 20;

  private final Path path;
  private final List<ConfigProblem> problems;
  private final List<Setting> settings = new ArrayList<>();
  private final Map<String, String> firstPlaces = new HashMap<>();
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
    try (YAMLParser parser = new YAMLFactory().createParser(text)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        return;
      }
      if (first != JsonToken.START_OBJECT) {
        problem(
            parser.currentTokenLocation(),
            "file",
            "no mapping at its top",
            "lines of \"key: value\"");
        readable = false;
        return;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        entry(parser);
      }
      if (parser.nextToken() != null) {
        problem(parser.currentTokenLocation(), "file", "a second YAML document", "one document");
      }
    } catch (StreamReadException e) {
      readable = false;
      problem(e.getLocation(), "file", "a YAML error (" + firstLine(e) + ")", "well-formed YAML");
    } catch (IOException e) {
      readable = false;
      problem(null, "file", "a YAML error (" + firstLine(e) + ")", "well-formed YAML");
    }
  }

  private void entry(YAMLParser parser) throws IOException {
    String name = parser.currentName();
    JsonLocation keyLocation = parser.currentTokenLocation();
    JsonToken value = parser.nextToken();
    JsonLocation location = parser.currentTokenLocation();
    var key = ConfigKeys.named(name);
    if (key.isEmpty()) {
      parser.skipChildren();
      var names = ConfigKeys.all().stream().map(ConfigKey::name).toList();
      problems.add(ConfigProblem.unknown(place(keyLocation), name, "an unknown key", names));
      return;
    }
    String first = firstPlaces.putIfAbsent(name, place(keyLocation));
    if (first != null) {
      parser.skipChildren();
      problem(keyLocation, name, "the same key again", "one line; the first is at " + first);
      return;
    }
    List<String> texts =
        key.get().isList() ? list(parser, value, name) : scalar(parser, value, name);
    if (texts != null) {
      var origin = new Origin(Origin.Source.FILE, place(location), path.getParent());
      settings.add(new Setting(key.get(), texts, origin));
    }
  }

  private List<String> scalar(YAMLParser parser, JsonToken value, String name) throws IOException {
    JsonLocation location = parser.currentTokenLocation();
    String wrong = wrongScalar(parser, value);
    if (wrong == null) {
      return List.of(parser.getText());
    }
    parser.skipChildren();
    problem(location, name, wrong, ConfigKeys.named(name).orElseThrow().allowed());
    return null;
  }

  private List<String> list(YAMLParser parser, JsonToken value, String name) throws IOException {
    JsonLocation location = parser.currentTokenLocation();
    if (value != JsonToken.START_ARRAY) {
      String found = value.isScalarValue() ? "a single value" : "a mapping";
      parser.skipChildren();
      problem(location, name, found, "a list, one \"- path\" per line");
      return null;
    }
    var texts = new ArrayList<String>();
    boolean good = true;
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      List<String> element = scalar(parser, token, name);
      good &= element != null && texts.addAll(element);
    }
    return good ? texts : null;
  }

  /** Why the token is no plain value, or null if it is one. */
  private static String wrongScalar(YAMLParser parser, JsonToken token) {
    if (token == JsonToken.VALUE_NULL) {
      return "a key without a value";
    }
    if (token == JsonToken.START_ARRAY) {
      return "a list";
    }
    if (token == JsonToken.START_OBJECT) {
      return "a mapping";
    }
    return parser.isCurrentAlias() ? "a YAML alias" : null;
  }

  private void problem(JsonLocation location, String key, String found, String allowed) {
    problems.add(new ConfigProblem(place(location), key, found, allowed));
  }

  private String place(JsonLocation location) {
    return location == null || location.getLineNr() < 1
        ? path.toString()
        : "%s:%d:%d".formatted(path, location.getLineNr(), location.getColumnNr());
  }

  private static String firstLine(IOException e) {
    String message =
        e instanceof StreamReadException read ? read.getOriginalMessage() : e.getMessage();
    return message.lines().findFirst().orElse("no details");
  }
}
