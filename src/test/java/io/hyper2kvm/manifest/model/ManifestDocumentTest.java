package io.hyper2kvm.manifest.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.manifest.Installations;
import io.hyper2kvm.manifest.ManifestReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The operator's page and the schema say the same. */
class ManifestDocumentTest {

  private static final Path PAGE = Path.of("docs/manifest.md");

  @Test
  void pageHasARowForEveryKeyOfTheSchemaAndForNoOther() throws IOException {
    assertThat(rows().keySet()).containsExactlyInAnyOrderElementsOf(keys().keySet());
  }

  @Test
  void rowsNameEveryAllowedWord() throws IOException {
    Map<String, String> rows = rows();
    keys()
        .forEach(
            (key, schema) ->
                schema
                    .path("enum")
                    .forEach(
                        word ->
                            assertThat(rows.get(key)).as(key).contains("`" + word.asText() + "`")));
  }

  @Test
  void rowsNameEveryDefault() throws IOException {
    Map<String, String> rows = rows();
    keys()
        .forEach(
            (key, schema) -> {
              if (schema.has("default")) {
                String value =
                    schema.get("default").isTextual()
                        ? schema.get("default").asText()
                        : schema.get("default").toString();
                assertThat(rows.get(key).split("\\|")[3].strip())
                    .as(key)
                    .isEqualTo("`" + value + "`");
              }
            });
  }

  @Test
  void everyKeyOfTheSchemaIsDescribed() throws IOException {
    JsonNode root = new ObjectMapper().readTree(ManifestReader.schema());
    keys()
        .forEach(
            (key, schema) -> {
              boolean described =
                  schema.has("description")
                      || schema.path("$ref").asText().startsWith("#/$defs/")
                          && root.at(schema.get("$ref").asText().substring(1)).has("description");
              assertThat(described).as(key).isTrue();
            });
  }

  @Test
  void examplesOfThePageAreAccepted() throws IOException {
    Matcher block = Pattern.compile("(?s)```yaml\n(version.*?)```").matcher(Files.readString(PAGE));
    int examples = 0;
    while (block.find()) {
      new ManifestReader(Installations.OPEN)
          .read("page.yaml", block.group(1).getBytes(StandardCharsets.UTF_8));
      examples++;
    }
    assertThat(examples).isEqualTo(2);
  }

  /** The rows of the page's table of keys. */
  private static Map<String, String> rows() throws IOException {
    Map<String, String> rows = new TreeMap<>();
    Matcher row = Pattern.compile("(?m)^\\| `([^`]+)` \\|.*$").matcher(Files.readString(PAGE));
    while (row.find()) {
      rows.put(row.group(1), row.group());
    }
    return rows;
  }

  /** Every key of the schema as the page names it, with its part of the schema. */
  private static Map<String, JsonNode> keys() throws IOException {
    JsonNode root = new ObjectMapper().readTree(ManifestReader.schema());
    Map<String, JsonNode> keys = new LinkedHashMap<>();
    add(root, root, "", keys);
    add(root, root.at("/$defs/pipeline"), "", keys);
    return keys;
  }

  private static void add(
      JsonNode root, JsonNode schema, String prefix, Map<String, JsonNode> keys) {
    JsonNode part = schema.has("$ref") ? root.at(schema.get("$ref").asText().substring(1)) : schema;
    boolean opened = !prefix.isEmpty() && prefix.matches("(.*\\.)?(pipeline|metadata)\\.");
    if (opened) {
      return; // free, or has its keys once in the table
    }
    part.path("properties")
        .properties()
        .forEach(
            field -> {
              keys.put(prefix + field.getKey(), field.getValue());
              add(root, field.getValue(), prefix + field.getKey() + ".", keys);
              if (field.getValue().has("items")) {
                add(root, field.getValue().get("items"), prefix + field.getKey() + "[].", keys);
              }
            });
  }
}
