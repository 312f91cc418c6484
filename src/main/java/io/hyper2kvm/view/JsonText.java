package io.hyper2kvm.view;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Maps, lists, texts, numbers and truth values as JSON; empty options are left out. */
public final class JsonText {

  // Escaped, names with anything in them are valid JSON and harmless on a terminal.
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private JsonText() {}

  /** In several lines, for a reader. */
  public static String of(Map<String, ?> object) {
    return of(object, true);
  }

  /** In one line, for a program. */
  public static String compact(Map<String, ?> object) {
    return of(object, false);
  }

  private static String of(Map<String, ?> object, boolean pretty) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      if (pretty) {
        json.useDefaultPrettyPrinter();
      }
      write(json, object);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // DEL and the controls above it are valid in JSON, and a terminal acts on them.
    return text.toString().replace("\u007f", "\\u007f");
  }

  private static void write(JsonGenerator json, Object value) throws IOException {
    if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        Object inner =
            entry.getValue() instanceof Optional<?> option ? option.orElse(null) : entry.getValue();
        if (inner != null) {
          json.writeFieldName(entry.getKey().toString());
          write(json, inner);
        }
      }
      json.writeEndObject();
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      for (Object element : list) {
        write(json, element);
      }
      json.writeEndArray();
    } else if (value instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else if (value instanceof Long || value instanceof Integer) {
      json.writeNumber(((Number) value).longValue());
    } else if (value instanceof Double number) {
      json.writeNumber(number);
    } else {
      json.writeString(value.toString());
    }
  }
}
