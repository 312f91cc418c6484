package io.hyper2kvm.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.signature.AttestationFile;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("property")
class ManifestFileTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b.json", "/"})
  void whatIsNoFileNameIsRefused(String name) {
    assertThatThrownBy(() -> new ManifestFile(name)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "web.json, 1, web.json",
    "web.json, 2, web.2.json",
    "web.json, 12, web.12.json",
    "web.prod.yaml, 2, web.prod.2.yaml",
    "noending, 2, noending.2",
    ".hidden, 2, .hidden.2"
  })
  void aNumberComesBeforeTheEnding(String name, int n, String numbered) {
    assertThat(new ManifestFile(name).numbered(n).name()).isEqualTo(numbered);
  }

  @Test
  void theFilesAboutAManifestAreNamedAfterIt() {
    ManifestFile file = ManifestFile.of(Path.of("/srv/processing/web.2.json"));

    assertThat(file.stem()).isEqualTo("web.2");
    assertThat(file.report()).isEqualTo("web.2.json.report.json");
    assertThat(file.error()).isEqualTo("web.2.json.error.json");
    assertThat(file.status()).isEqualTo("web.2.json.status.json");
    assertThat(file.retry()).isEqualTo("web.2.retry.json");
    assertThat(file.forerunners())
        .containsExactly(
            "web.2.json.report.json.intoto.jsonl",
            "web.2.json.error.json.intoto.jsonl",
            "web.2.retry.json");
  }

  /** The ending is written in two packages that must not know each other. */
  @Test
  void aSignatureIsNamedAsStatementsAre() {
    ManifestFile file = new ManifestFile("web.json");
    Path report = Path.of("/srv").resolve(file.report());

    assertThat(file.forerunners())
        .contains(AttestationFile.beside(report).getFileName().toString());
    assertThat(ManifestFile.isSignature(AttestationFile.beside(report).getFileName().toString()))
        .isTrue();
  }

  @Property
  void numberedNamesDiffer(
      @ForAll @AlphaChars @Chars({'.', ' ', '-'}) @StringLength(min = 1, max = 30) String name) {
    ManifestFile file = new ManifestFile(name);

    Set<String> names =
        IntStream.rangeClosed(1, 20)
            .mapToObj(n -> file.numbered(n).name())
            .collect(Collectors.toSet());

    assertThat(names).hasSize(20);
  }
}
