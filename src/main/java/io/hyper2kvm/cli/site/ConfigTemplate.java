package io.hyper2kvm.cli.site;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.config.ConfigKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The configuration that goes out with the program, with every key and its explanation. */
public final class ConfigTemplate {

  private static final String SHIPPED = "manifest-daemon.yaml";
  private static final Pattern BARE = Pattern.compile("/[A-Za-z0-9/._-]*");

  private final String text;

  private ConfigTemplate(String text) {
    this.text = text;
  }

  /** The file config/manifest-daemon.yaml, which the build puts beside this class. */
  public static ConfigTemplate shipped() {
    try (InputStream in = ConfigTemplate.class.getResourceAsStream(SHIPPED)) {
      if (in == null) {
        throw new IllegalStateException("the program was built without its " + SHIPPED);
      }
      return new ConfigTemplate(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The value that the file has for a key; empty where only its default is shown. */
  public Optional<String> value(ConfigKey<?> key) {
    Matcher line = Pattern.compile("(?m)^" + key.name() + ": (.*)$").matcher(text);
    return line.find() ? Optional.of(line.group(1)) : Optional.empty();
  }

  /**
   * The file's text with these values in the lines of their keys; all other lines stay.
   *
   * @param values an empty text leaves the key without a value
   */
  public String with(Map<ConfigKey<?>, String> values) {
    String edited = text;
    for (Map.Entry<ConfigKey<?>, String> entry : values.entrySet()) {
      String name = entry.getKey().name();
      Matcher line = Pattern.compile("(?m)^(?:# )?" + name + ": .*$").matcher(edited);
      if (!line.find()) {
        throw new IllegalArgumentException("the shipped configuration has no line for " + name);
      }
      String written =
          entry.getValue().isEmpty()
              ? "# %s: (none)".formatted(name)
              : "%s: %s".formatted(name, quoted(entry.getValue()));
      edited = edited.substring(0, line.start()) + written + edited.substring(line.end());
    }
    return edited;
  }

  /** As YAML reads it back: bare if it can be, else in JSON's quotes, which are YAML's, too. */
  private static String quoted(String value) {
    if (BARE.matcher(value).matches()) {
      return value;
    }
    try {
      return new ObjectMapper().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
