package io.hyper2kvm.view;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.hyper2kvm.workflow.SmallFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** The name that a manifest gives itself, read without a judgement on the rest of it. */
public final class ManifestName {

  private static final int MAX_BYTES = 1 << 20;

  private ManifestName() {}

  /** The name; empty when there is none, or the file cannot be read. */
  public static Optional<String> of(Path manifest) {
    boolean json = manifest.toString().toLowerCase(Locale.ROOT).endsWith(".json");
    try (InputStream in = SmallFile.open(manifest, MAX_BYTES);
        JsonParser parser = (json ? new JsonFactory() : new YAMLFactory()).createParser(in)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean name = parser.currentName().equals("name");
        JsonToken value = parser.nextToken();
        if (name && value == JsonToken.VALUE_STRING) {
          return Optional.of(parser.getText());
        }
        parser.skipChildren();
      }
    } catch (IOException e) {
      // Half a file, or none any more: nobody knows its name.
    }
    return Optional.empty();
  }
}
