package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.hyper2kvm.manifest.ManifestReader;
import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.manifest.rules.ManifestContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples of routes are complete, written alike, and described as they are. */
class RouteExampleFilesTest {

  private static final YAMLMapper YAML = new YAMLMapper();

  static List<String> examples() throws IOException {
    List<String> examples = InstalledExamples.all();
    assertThat(examples).hasSize(8);
    return examples;
  }

  private static String readme(String example) throws IOException {
    return Files.readString(InstalledExamples.FOLDER.resolve(example).resolve("README.md"));
  }

  private static List<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(found -> found.group(1)).distinct().toList();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void anExampleIsOneFileAndItsDescription(String example) throws IOException {
    assertThat(RunningDaemon.names(InstalledExamples.FOLDER.resolve(example)))
        .containsExactlyInAnyOrder("README.md", example + ".camel.yaml");
  }

  @ParameterizedTest
  @MethodSource("examples")
  void routesAndStepsHaveNamesThatNoOtherExampleTakes(String example) throws IOException {
    for (JsonNode entry : YAML.readTree(InstalledExamples.file(example).toFile())) {
      JsonNode route = entry.path("route");
      JsonNode named = route.isMissingNode() ? entry.path("routeConfiguration") : route;
      assertThat(named.path("id").asText()).matches(example + "(-[a-z]+)?");
      assertThat(named.path("description").asText()).matches("[A-Z][^.]{10,120}");
      if (route.isObject()) {
        assertThat(route.path("nodePrefixId").asText()).isEqualTo(route.path("id").asText() + "-");
        List<JsonNode> steps = new ArrayList<>();
        route.findValues("steps").forEach(list -> list.forEach(steps::add));
        assertThat(steps)
            .isNotEmpty()
            .allSatisfy(
                step -> assertThat(step.iterator().next().path("id").asText()).isNotEmpty());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyVariableOfTheEnvironmentIsDescribedInBothFiles(String example) throws IOException {
    String route = Files.readString(InstalledExamples.file(example));
    String comment = route.substring(0, route.indexOf("\n- "));

    for (String variable : all(Pattern.compile("\\{\\{env:(\\w+)"), route)) {
      assertThat(comment).contains(variable);
      assertThat(readme(example)).contains(variable);
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void theCommandsNameTheFileAsItIsCalled(String example) throws IOException {
    String text = readme(example);

    assertThat(all(Pattern.compile("-t /etc/hyper2kvm/routes\\.d (\\S+)"), text))
        .containsExactly(InstalledExamples.file(example).toString());
    assertThat(all(Pattern.compile("rm /etc/hyper2kvm/routes\\.d/(\\S+)"), text))
        .containsExactly(example + ".camel.yaml");
  }

  @ParameterizedTest
  @MethodSource("examples")
  void theTablesNameIt(String example) throws IOException {
    assertThat(Path.of("examples/README.md")).content().contains("](routes/" + example + "/)");
    assertThat(Path.of("examples/routes/README.md")).content().contains("](" + example + "/)");
    assertThat(Path.of("docs/routes.md")).content().contains("](../examples/routes/" + example);
  }

  @Test
  void theManifestWithALabelIsOne(@TempDir Path folder) throws IOException {
    Matcher block = Pattern.compile("(?s)```yaml\n(.*?)```").matcher(readme("skip-boot-test"));
    assertThat(block.find()).isTrue();
    Path file = Files.writeString(folder.resolve("labelled.yaml"), block.group(1));
    ManifestContext context =
        new ManifestContext(
            Optional.empty(), List.of(), Path.of("/out"), List.of(), DomainSpec.NOTHING);

    assertThat(new ManifestReader(context).read(file).vms())
        .extracting(vm -> vm.metadata().toString())
        .containsExactly("{}", "{labels=[no-boot-test]}");
  }
}
