package io.hyper2kvm.manifest.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.hyper2kvm.manifest.ManifestReader;
import io.hyper2kvm.manifest.model.CompressionType;
import io.hyper2kvm.manifest.model.FstabMode;
import io.hyper2kvm.manifest.model.NetworkLevel;
import io.hyper2kvm.manifest.model.OnFailure;
import io.hyper2kvm.manifest.model.OutputFormat;
import io.hyper2kvm.manifest.model.SourceType;
import io.hyper2kvm.manifest.model.VmSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The published schema is one, and its words are the model's. */
class ManifestSchemaTest {

  private final JsonNode schema;

  ManifestSchemaTest() throws IOException {
    schema = new ObjectMapper().readTree(ManifestReader.schema());
  }

  @Test
  void isASchemaOf202012() {
    String metaschema = schema.get("$schema").asText();

    assertThat(metaschema).isEqualTo("https://json-schema.org/draft/2020-12/schema");
    assertThat(
            JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(SchemaLocation.of(metaschema))
                .validate(schema))
        .isEmpty();
  }

  @Test
  void wordsAreTheModels() {
    assertWords("/properties/on_failure", OnFailure.values(), OnFailure::text);
    assertWords("/$defs/load/properties/source_type", SourceType.values(), SourceType::text);
    assertWords("/$defs/fstab/properties/mode", FstabMode.values(), FstabMode::text);
    assertWords("/$defs/network/properties/fix_level", NetworkLevel.values(), NetworkLevel::text);
    assertWords("/$defs/convert/properties/output_format", OutputFormat.values(), f -> f.text());
    assertWords(
        "/$defs/convert/properties/compression_type",
        CompressionType.values(),
        CompressionType::text);
  }

  @Test
  void nameIsTheModels() {
    assertThat(schema.at("/$defs/name/pattern").asText())
        .isEqualTo("^" + VmSpec.NAME_PATTERN + "$");
  }

  private <T> void assertWords(String pointer, T[] constants, Function<T, String> wordOf) {
    List<String> words = new ArrayList<>();
    schema.at(pointer + "/enum").forEach(word -> words.add(word.asText()));

    assertThat(words).isEqualTo(Stream.of(constants).map(wordOf).toList());
  }
}
