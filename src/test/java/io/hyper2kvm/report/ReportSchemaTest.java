package io.hyper2kvm.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.hyper2kvm.WrittenFiles;
import io.hyper2kvm.failure.FailureCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The published schemas are ones, are closed, and use the program's words. */
class ReportSchemaTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String METASCHEMA = "https://json-schema.org/draft/2020-12/schema";

  static JsonNode schema(String kind) throws IOException {
    return JSON.readTree(WrittenFiles.text(kind));
  }

  @ParameterizedTest
  @ValueSource(strings = {"vm", "report", "error", "status", "provenance"})
  void isASchemaOf202012(String kind) throws IOException {
    JsonNode schema = schema(kind);

    assertThat(schema.path("$schema").asText()).isEqualTo(METASCHEMA);
    assertThat(schema.path("$id").asText()).isEqualTo("urn:hyper2kvm:%s:1.0".formatted(kind));
    assertThat(
            JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(SchemaLocation.of(METASCHEMA))
                .validate(schema))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"vm", "report", "error", "status", "provenance"})
  void everyPartIsDescribedAndEveryObjectClosed(String kind) throws IOException {
    List<String> problems = new ArrayList<>();
    look("", schema(kind), problems);

    assertThat(problems).isEmpty();
  }

  /** A part that others build on is closed by them, and what a manifest's author wrote is free. */
  private static final Set<String> OPEN =
      Set.of("/$defs/times", "/$defs/failure", "/$defs/outcome", "/$defs/stage", "/$defs/metadata");

  private static void look(String place, JsonNode schema, List<String> problems) {
    boolean object = schema.path("type").asText().equals("object");
    boolean closed = schema.has("additionalProperties") || schema.has("unevaluatedProperties");
    if (object && !closed && !OPEN.contains(place)) {
      problems.add(place + " is open");
    }
    for (String key : List.of("properties", "$defs")) {
      schema
          .path(key)
          .properties()
          .forEach(
              part -> {
                String below = "%s/%s/%s".formatted(place, key, part.getKey());
                if (part.getValue().isObject()) {
                  boolean described =
                      part.getValue().has("description") || part.getValue().has("$ref");
                  if (!described) {
                    problems.add(below + " is not described");
                  }
                  look(below, part.getValue(), problems);
                }
              });
    }
    if (schema.has("items")) {
      look(place + "/items", schema.get("items"), problems);
    }
  }

  @Test
  void wordsAreThePrograms() throws IOException {
    assertThat(words("/$defs/code/enum"))
        .containsExactlyElementsOf(Arrays.stream(FailureCode.values()).map(Enum::name).toList());
    assertThat(words("/$defs/stageName/enum"))
        .containsExactlyElementsOf(Arrays.stream(StageName.values()).map(StageName::text).toList());
    assertThat(words("/$defs/stage/properties/status/enum"))
        .containsExactlyElementsOf(
            Arrays.stream(StageStatus.values()).map(StageStatus::text).toList());
  }

  private static List<String> words(String pointer) throws IOException {
    List<String> words = new ArrayList<>();
    schema("vm").at(pointer).forEach(word -> words.add(word.asText()));
    return words;
  }

  @Test
  void everyPartIsUsed() throws IOException {
    String all =
        String.join(
            "",
            WrittenFiles.text("vm"),
            WrittenFiles.text("report"),
            WrittenFiles.text("error"),
            WrittenFiles.text("status"),
            WrittenFiles.text("provenance"));
    Set<String> unused = new TreeSet<>();
    schema("vm")
        .path("$defs")
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!all.contains("#/$defs/%s\"".formatted(name))) {
                unused.add(name);
              }
            });

    assertThat(unused).isEmpty();
  }
}
