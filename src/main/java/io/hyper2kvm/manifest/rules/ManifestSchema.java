package io.hyper2kvm.manifest.rules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The published JSON Schema of manifests: its text, and what it says about keys. */
public final class ManifestSchema {

  private static final String RESOURCE = "/schema/manifest.schema.json";

  private final String text;
  private final JsonNode root;
  private final Map<String, String> places = new LinkedHashMap<>();
  private final Map<JsonNode, Boolean> visited = new IdentityHashMap<>();

  public ManifestSchema() {
    try (InputStream in = ManifestSchema.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("not on the class path: " + RESOURCE);
      }
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      root = new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not JSON: " + RESOURCE, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    notePlaces(root, "");
  }

  public String text() {
    return text;
  }

  JsonNode root() {
    return root;
  }

  /** The keys that a part of the schema allows, in its order. */
  static List<String> keysOf(JsonNode schema) {
    List<String> keys = new ArrayList<>();
    schema.path("properties").fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  /** Every key that the schema knows, anywhere. */
  public Set<String> keys() {
    return places.keySet();
  }

  /** Where a key belongs, as a JSON pointer; empty when it is unknown or has several places. */
  Optional<String> placeOf(String key) {
    return Optional.ofNullable(places.get(key)).filter(place -> !place.isEmpty());
  }

  private void notePlaces(JsonNode schema, String pointer) {
    JsonNode part =
        schema.has("$ref") ? root.at(schema.get("$ref").textValue().substring(1)) : schema;
    if (part == root.at("/$defs/metadata") || visited.put(part, true) != null) {
      return;
    }
    for (String key : keysOf(part)) {
      places.merge(key, pointer + "/" + key, (first, second) -> "");
      notePlaces(part.path("properties").path(key), pointer + "/" + key);
    }
    JsonNode any = part.path("additionalProperties");
    if (any.has("$ref")) {
      // Below keys of anybody's: their place has no pointer.
      keysOf(root.at(any.get("$ref").textValue().substring(1)))
          .forEach(key -> places.putIfAbsent(key, ""));
    }
    if (part.has("items")) {
      notePlaces(part.get("items"), pointer + "/0");
    }
  }
}
