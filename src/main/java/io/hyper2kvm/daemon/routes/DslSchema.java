package io.hyper2kvm.daemon.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Camel's schema of its YAML, read loosely: unknown keys, missing ones, and values of a wrong kind.
 * A validator of JSON Schema tells one mistake a dozen times over and does not name some at all,
 * because the schema is made of alternatives. What this reading lets pass, Camel itself refuses
 * afterwards. See docs/decisions/0011-own-readers.md.
 */
final class DslSchema {

  private static final String RESOURCE = "/schema/camelYamlDsl.json";
  private static final String DEFINITIONS = "#/items/definitions/";

  private final JsonNode entry;
  private final JsonNode definitions;

  private DslSchema(JsonNode schema) {
    entry = schema.path("items");
    definitions = entry.path("definitions");
  }

  /** Takes a problem. */
  interface Sink {
    void problem(int line, String message);
  }

  static DslSchema load() {
    try (InputStream in = DslSchema.class.getResourceAsStream(RESOURCE)) {
      return new DslSchema(new ObjectMapper().readTree(in));
    } catch (IOException e) {
      throw new IllegalStateException(RESOURCE + " cannot be read", e);
    }
  }

  /** Checks one entry of a file's list. */
  void check(Element element, Sink sink) {
    if (!element.isObject()) {
      sink.problem(element.line(), "a route belongs there, \"- route:\"");
      return;
    }
    check("the file", element, entry, sink);
  }

  private void check(String where, Element element, JsonNode schema, Sink sink) {
    List<JsonNode> variants = new ArrayList<>();
    collect(schema, variants);
    Set<String> kinds = new TreeSet<>();
    Map<String, JsonNode> known = new LinkedHashMap<>();
    for (JsonNode variant : variants) {
      kinds.add(variant.path("type").asText(""));
      // An empty schema only says that the key exists; another variant says what it is.
      variant
          .path("properties")
          .properties()
          .forEach(
              property ->
                  known.merge(
                      property.getKey(), property.getValue(), (a, b) -> a.isEmpty() ? b : a));
    }
    kinds.remove("");
    if (element.isObject()) {
      if (!kinds.isEmpty() && !kinds.contains("object")) {
        sink.problem(element.line(), "%s takes %s, not keys below it".formatted(where, kinds));
      } else {
        object(where, element, variants, known, sink);
      }
    } else if (element.isList()) {
      list(where, element, variants, kinds, sink);
    } else {
      text(where, element, variants, kinds, sink);
    }
  }

  private void object(
      String where,
      Element element,
      List<JsonNode> variants,
      Map<String, JsonNode> known,
      Sink sink) {
    element
        .entries()
        .forEach(
            (key, value) -> {
              JsonNode schema = known.get(key);
              if (schema != null) {
                check(key, value, schema, sink);
              } else if (!known.isEmpty()) {
                sink.problem(
                    element.line(key),
                    "%s has no key %s%s"
                        .formatted(where, key, Findings.meant(key, known.keySet())));
              }
            });
    for (JsonNode required : variants.get(0).path("required")) {
      if (!element.entries().containsKey(required.asText())) {
        sink.problem(element.line(), "%s lacks the key %s".formatted(where, required.asText()));
      }
    }
  }

  private void list(
      String where, Element element, List<JsonNode> variants, Set<String> kinds, Sink sink) {
    if (!kinds.isEmpty() && !kinds.contains("array")) {
      sink.problem(element.line(), "%s takes no list".formatted(where));
      return;
    }
    for (JsonNode variant : variants) {
      if (variant.has("items")) {
        element
            .items()
            .forEach(item -> check("a step of " + where, item, variant.path("items"), sink));
        return;
      }
    }
  }

  private static void text(
      String where, Element element, List<JsonNode> variants, Set<String> kinds, Sink sink) {
    String text = element.text();
    if (kinds.isEmpty() || kinds.contains("string") || text.contains("{{")) {
      enumeration(where, element, variants, sink);
    } else if (kinds.contains("boolean") && !text.matches("true|false")) {
      sink.problem(element.line(), "%s is true or false, not %s".formatted(where, text));
    } else if (kinds.contains("number") && !text.matches("-?\\d+")) {
      sink.problem(element.line(), "%s is a number, not %s".formatted(where, text));
    } else if (kinds.equals(Set.of("object")) || kinds.equals(Set.of("array"))) {
      String wanted = kinds.contains("array") ? "a list" : "keys of its own";
      sink.problem(element.line(), "%s has %s below it, not a value".formatted(where, wanted));
    }
  }

  private static void enumeration(
      String where, Element element, List<JsonNode> variants, Sink sink) {
    Set<String> allowed = new TreeSet<>();
    for (JsonNode variant : variants) {
      if (!variant.has("enum") && "string".equals(variant.path("type").asText())) {
        return;
      }
      variant.path("enum").forEach(value -> allowed.add(value.asText()));
    }
    String text = element.text();
    if (!allowed.isEmpty() && !allowed.contains(text) && !text.contains("{{")) {
      sink.problem(
          element.line(),
          "%s is one of %s, not %s".formatted(where, String.join(", ", allowed), text));
    }
  }

  /** A schema with its references followed and its alternatives beside it. */
  private void collect(JsonNode schema, List<JsonNode> variants) {
    variants.add(schema);
    String reference = schema.path("$ref").asText("");
    if (reference.startsWith(DEFINITIONS)) {
      JsonNode definition = definitions.path(reference.substring(DEFINITIONS.length()));
      if (variants.size() == 1) {
        // The reference alone says nothing of its own, and its target's required keys count.
        variants.clear();
      }
      collect(definition, variants);
    }
    for (String word : List.of("anyOf", "oneOf", "allOf")) {
      schema.path(word).forEach(alternative -> collect(alternative, variants));
    }
  }
}
