package io.hyper2kvm.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An object of a JSON file, as far as it can be read. A file that ends early or turns to nonsense
 * gives what stands before that. Without data binding, whose start costs a command a third of a
 * second.
 */
final class JsonValues {

  private static final JsonFactory JSON = new JsonFactory();
  private static final int MAX_DEPTH = 20;
  private static final int MAX_ELEMENTS = 100_000;

  private final Map<?, ?> values;

  private JsonValues(Map<?, ?> values) {
    this.values = values;
  }

  /**
   * Reads an object.
   *
   * @param skipped keys whose values are not kept, at any depth
   * @throws IOException when the stream cannot be read; not for what is in it
   */
  static JsonValues read(InputStream in, Set<String> skipped) throws IOException {
    return read(in, skipped, Map.of());
  }

  /**
   * Reads an object.
   *
   * @param skipped keys whose values are not kept, at any depth
   * @param kept for some keys, at any depth, the only keys that are kept below them
   * @throws IOException when the stream cannot be read; not for what is in it
   */
  static JsonValues read(InputStream in, Set<String> skipped, Map<String, Set<String>> kept)
      throws IOException {
    Map<String, Object> root = new LinkedHashMap<>();
    try (JsonParser json = JSON.createParser(in)) {
      if (json.nextToken() == JsonToken.START_OBJECT) {
        new Reader(json, skipped, kept).fill(root, 0);
      }
    } catch (JsonProcessingException e) {
      // What was read before is of use to somebody who looks.
    } catch (java.io.CharConversionException e) {
      // The same.
    }
    return new JsonValues(root);
  }

  /** A text, number or truth value as text; empty when there is none of this name. */
  Optional<String> text(String key) {
    Object value = values.get(key);
    return value instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /** A number; empty when there is none of this name. */
  Optional<Double> number(String key) {
    return text(key)
        .map(
            text -> {
              try {
                return Double.valueOf(text);
              } catch (NumberFormatException e) {
                return Double.NaN;
              }
            })
        .filter(Double::isFinite);
  }

  /** An object; an empty one when there is none of this name. */
  JsonValues object(String key) {
    return new JsonValues(values.get(key) instanceof Map<?, ?> map ? map : Map.of());
  }

  /** The objects of a list; none when there is no list of this name. */
  List<JsonValues> objects(String key) {
    List<JsonValues> found = new ArrayList<>();
    if (values.get(key) instanceof List<?> list) {
      for (Object element : list) {
        if (element instanceof Map<?, ?> map) {
          found.add(new JsonValues(map));
        }
      }
    }
    return found;
  }

  /** The texts of a list; none when there is no list of this name. */
  List<String> texts(String key) {
    List<String> found = new ArrayList<>();
    if (values.get(key) instanceof List<?> list) {
      list.stream().filter(String.class::isInstance).map(String.class::cast).forEach(found::add);
    }
    return found;
  }

  /** Whether a key is there. */
  boolean has(String key) {
    return values.containsKey(key);
  }

  private static final class Reader {
    private final JsonParser json;
    private final Set<String> skipped;
    private final Map<String, Set<String>> kept;
    private int elements;

    /** Below a key of {@link #kept}; null elsewhere. */
    private Set<String> only;

    Reader(JsonParser json, Set<String> skipped, Map<String, Set<String>> kept) {
      this.json = json;
      this.skipped = skipped;
      this.kept = kept;
    }

    void fill(Map<String, Object> object, int depth) throws IOException {
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String key = json.currentName();
        json.nextToken();
        boolean unwanted = only == null ? skipped.contains(key) : !only.contains(key);
        if (unwanted) {
          json.skipChildren();
        } else if (only == null && kept.containsKey(key)) {
          only = kept.get(key);
          value(depth, value -> object.put(key, value));
          only = null;
        } else {
          value(depth, value -> object.put(key, value));
        }
      }
    }

    private void fill(List<Object> list, int depth) throws IOException {
      while (json.nextToken() != JsonToken.END_ARRAY && json.currentToken() != null) {
        value(depth, list::add);
      }
    }

    /** A container is handed on before it is filled, so that half of it is kept, too. */
    private void value(int depth, java.util.function.Consumer<Object> to) throws IOException {
      JsonToken token = json.currentToken();
      if (token == null || token == JsonToken.VALUE_NULL) {
        return;
      }
      if (token.isScalarValue()) {
        if (++elements <= MAX_ELEMENTS) {
          to.accept(json.getText());
        }
      } else if (depth == MAX_DEPTH || ++elements > MAX_ELEMENTS) {
        json.skipChildren();
      } else if (token == JsonToken.START_OBJECT) {
        Map<String, Object> object = new LinkedHashMap<>();
        to.accept(object);
        fill(object, depth + 1);
      } else {
        List<Object> list = new ArrayList<>();
        to.accept(list);
        fill(list, depth + 1);
      }
    }
  }
}
