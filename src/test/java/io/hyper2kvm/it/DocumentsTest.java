package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each command in a document is run, or names what tries it, or is said to be not tried. */
class DocumentsTest {

  static Stream<Documents.Block> runElsewhere() {
    return Documents.all().stream()
        .flatMap(document -> Documents.blocks(document).stream())
        .filter(block -> !block.by().isEmpty() && !block.by().equals(Documents.NOT_TRIED));
  }

  @ParameterizedTest
  @MethodSource("runElsewhere")
  void whatTriesABlockIsThere(Documents.Block block) throws IOException {
    String name = block.by();
    if (name.contains("/")) {
      assertThat(Documents.HOME.resolve(name)).as(block.toString()).isExecutable();
    } else {
      String file = name + ".java";
      try (Stream<Path> tests = Files.walk(Documents.HOME.resolve("src/test/java"))) {
        assertThat(tests.anyMatch(test -> test.getFileName().toString().equals(file)))
            .as("%s: %s", block, name)
            .isTrue();
      }
    }
  }

  /** What DocumentsIT would find after an hour only. */
  @ParameterizedTest
  @MethodSource("documents")
  void theCommentsOfADocumentAreUnderstood(String document) throws Exception {
    Process process =
        new ProcessBuilder(
                "bash",
                Documents.HOME.resolve("src/test/documents/run-document.sh").toString(),
                "--list",
                Documents.HOME.resolve(document).toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes());

    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said.lines().filter(line -> !line.contains("\tsetup\t")))
        .hasSameSizeAs(Documents.blocks(document));
  }

  static List<String> documents() {
    return Documents.all().stream()
        .filter(document -> !Documents.blocks(document).isEmpty())
        .toList();
  }

  @Test
  void aDocumentWithCommandsThatNothingTriesSaysSo() throws IOException {
    for (String document : documents()) {
      if (Documents.blocks(document).stream()
          .anyMatch(block -> block.by().equals(Documents.NOT_TRIED))) {
        assertThat(Documents.HOME.resolve(document)).content().contains("not tried");
      }
    }
  }

  @Test
  void thereAreDocumentsWithCommands() {
    assertThat(documents()).contains("README.md", "docs/operations.md");
  }
}
