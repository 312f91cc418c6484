package io.hyper2kvm.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the page's files are, without a browser. */
class WebPageFilesTest {

  private static final Path FOLDER = Path.of("src/main/resources/io/hyper2kvm/web/static");
  private static final Pattern IMPORT =
      Pattern.compile("(?m)^(?:import|export)\\b[^;]*?from '([^']+)';");

  static List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(FOLDER)) {
      return all.filter(Files::isRegularFile).map(FOLDER::relativize).sorted().toList();
    }
  }

  private static String read(Path file) throws IOException {
    return Files.readString(FOLDER.resolve(file));
  }

  @Test
  void allOfThemAreSmallerThan150KiB() throws IOException {
    long bytes = 0;
    for (Path file : files()) {
      bytes += Files.size(FOLDER.resolve(file));
    }

    assertThat(bytes).isLessThan(150 << 10);
  }

  @ParameterizedTest
  @MethodSource("files")
  void noFileIsLongerThan300LinesButTheStyleSheet(Path file) throws IOException {
    assertThat(file.endsWith("app.css") || read(file).lines().count() <= 300).isTrue();
  }

  @ParameterizedTest
  @MethodSource("files")
  void noFileMakesMarkupOfTextOrRunsText(Path file) throws IOException {
    assertThat(read(file))
        .doesNotContain(
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "srcdoc",
            "DOMParser",
            "createContextualFragment",
            "eval(",
            "new Function",
            "javascript:");
  }

  @ParameterizedTest
  @MethodSource("files")
  void noFileKeepsAnythingBehindTheTab(Path file) throws IOException {
    assertThat(read(file))
        .doesNotContain("document.cookie", "localStorage", "indexedDB", "caches.");
  }

  @ParameterizedTest
  @MethodSource("files")
  void noFileNamesAnotherHost(Path file) throws IOException {
    assertThat(read(file).replace("http://www.w3.org/2000/svg", ""))
        .doesNotContain("http:", "https:", "ws://", "wss://", "url(", "@import");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"<script>", "<style", " style=", " onload=", " onclick=", "<base", "<iframe"})
  void pageHasNoInlineScriptOrStyle(String forbidden) throws IOException {
    assertThat(read(Path.of("index.html"))).doesNotContain(forbidden);
  }

  @Test
  void everyScriptIsReachedFromThePage() throws IOException {
    Set<Path> reached = new HashSet<>();
    reach(Path.of("app.js"), reached);

    assertThat(files().stream().filter(file -> file.toString().endsWith(".js")))
        .containsExactlyInAnyOrderElementsOf(reached);
  }

  private static void reach(Path file, Set<Path> reached) throws IOException {
    if (reached.add(file)) {
      Matcher imports = IMPORT.matcher(read(file));
      while (imports.find()) {
        reach(file.resolveSibling(imports.group(1)).normalize(), reached);
      }
    }
  }
}
