package io.hyper2kvm.cli.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.hyper2kvm.config.OutputConfig;
import io.hyper2kvm.config.SourcesConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigTemplateTest {

  private final ConfigTemplate shipped = ConfigTemplate.shipped();

  @Test
  void isTheFileThatGoesOut() throws Exception {
    assertThat(shipped.with(Map.of()))
        .isEqualTo(Files.readString(Path.of("config/manifest-daemon.yaml")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/srv/vm",
        "/srv/with space",
        "/srv/\"quoted\"",
        "/srv/back\\slash",
        "/srv/colon: #hash",
        "/srv/'x'",
        "/srv/größe",
        "/srv/tab\tx",
        "/srv/$1",
        "/srv/😀"
      })
  void valueIsReadBackAsItWasGiven(String folder) throws Exception {
    JsonNode read =
        new YAMLMapper().readTree(shipped.with(Map.of(OutputConfig.OUTPUT_DIR, folder)));
    assertThat(read.get("output_dir").asText()).isEqualTo(folder);
  }

  @Test
  void keyThatShowsItsDefaultGetsAValue() {
    assertThat(shipped.with(Map.of(SourcesConfig.SOURCE_DIR, "/in")))
        .contains("\nsource_dir: /in\n")
        .doesNotContain("# source_dir: ");
  }

  @Test
  void emptyValueLeavesTheKeyOut() {
    assertThat(shipped.with(Map.of(SourcesConfig.SOURCE_DIR, "")))
        .contains("\n# source_dir: (none)\n");
  }

  @Test
  void onlyTheLineOfTheKeyChanges() {
    String before = shipped.with(Map.of());
    String after = shipped.with(Map.of(OutputConfig.OUTPUT_DIR, "/x"));
    assertThat(after.replace("\noutput_dir: /x\n", "\noutput_dir: /var/lib/hyper2kvm/output\n"))
        .isEqualTo(before);
  }
}
