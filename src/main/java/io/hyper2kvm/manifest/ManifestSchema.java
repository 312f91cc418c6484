package io.hyper2kvm.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The published JSON Schema of manifests: its text, and what it says about keys. */
final class ManifestSchema {

  private static final String RESOURCE = "/schema/manifest.schema.json";

  private final String text;
  private final JsonNode root;
  private final Map<String, String> places = new LinkedHashMap<>();

  ManifestSchema() {
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
    notePlaces(root, "", 0);
  }

  String text() {
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

  /** Where each key belongs, {@code pipeline.convert.compress} for {@code compress}. */
  Map<String, String> places() {
    return places;
  }

  private void notePlaces(JsonNode schema, String prefix, int depth) {
    JsonNode target = schema;
    if (schema.has("$ref")) {
      target = root.at(schema.get("$ref").textValue().substring(1));
    }
    if (depth > 8 || target == root.at("/$defs/metadata")) {
      return;
    }
    for (String key : keysOf(target)) {
      String place = prefix.isEmpty() ? key : prefix + "." + key;
      places.putIfAbsent(key, place);
    }
    for (String key : keysOf(target)) {
      String place = prefix.isEmpty() ? key : prefix + "." + key;
      notePlaces(target.path("properties").path(key), place, depth + 1);
    }
  }
}
