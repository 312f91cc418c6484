package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.manifest.ManifestReader;
import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.manifest.model.Manifest;
import io.hyper2kvm.manifest.rules.ManifestContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples that are shipped are manifests that the program accepts. */
class ExamplesTest {

  private static final Path EXAMPLES = Path.of("examples");
  private static final ManifestReader READER =
      new ManifestReader(
          new ManifestContext(
              Optional.of(Path.of("/data")),
              List.of(Path.of("/data")),
              Path.of("/out"),
              List.of(),
              DomainSpec.NOTHING));

  static List<Path> manifests() throws IOException {
    try (Stream<Path> tree = Files.walk(EXAMPLES)) {
      List<Path> found =
          tree.filter(path -> path.toString().matches(".*-manifest\\.(json|yaml|yml)"))
              .sorted()
              .toList();
      assertThat(found).hasSizeGreaterThanOrEqualTo(4);
      return found;
    }
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void exampleIsAccepted(Path file) throws IOException {
    Manifest manifest = READER.read(file);

    assertThat(manifest.vms()).isNotEmpty();
    assertThat(manifest.vms())
        .allSatisfy(
            vm ->
                assertThat(vm.pipeline().convert().output(0).startsWith(Path.of("/out"))).isTrue());
  }

  @Test
  void jsonAndYamlOfTheSimpleVmSayTheSame() throws IOException {
    Path folder = EXAMPLES.resolve("simple-vm");

    assertThat(READER.read(folder.resolve("simple-vm-manifest.json")).vms())
        .isEqualTo(READER.read(folder.resolve("simple-vm-manifest.yaml")).vms());
  }

  /** No manifest hides under a name that the test above does not see. */
  @Test
  void everyFileWithAPipelineIsAManifest() throws IOException {
    try (Stream<Path> tree = Files.walk(EXAMPLES)) {
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        String name = file.toString();
        boolean looksLikeOne =
            (name.endsWith(".json") || name.endsWith(".yaml"))
                && Files.readString(file).contains("source_path")
                && !name.endsWith(".report.json");
        assertThat(!looksLikeOne || manifests().contains(file)).as(name).isTrue();
      }
    }
  }
}
