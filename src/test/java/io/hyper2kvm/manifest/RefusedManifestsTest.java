package io.hyper2kvm.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyper2kvm.manifest.parse.ManifestInvalidException;
import io.hyper2kvm.manifest.parse.Shown;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Refused manifests with every line of their message, in the files of {@code manifest/refused}. A
 * case is {@code ## title}, {@code @file name}, optionally {@code !installation}, the manifest,
 * {@code ->}, the expected lines. To write the expected lines anew after a wording has changed, run
 * with {@code -Dgolden.write=true} and read the difference.
 */
class RefusedManifestsTest {

  private static final Path CASES = Path.of("src/test/resources/manifest/refused");

  private record Case(
      String title, String fileName, String installation, String manifest, String expected) {

    String actual() {
      ManifestInvalidException refusal =
          catchThrowableOfType(
              ManifestInvalidException.class,
              () ->
                  new ManifestReader(Installations.named(installation))
                      .read(fileName(), manifest.getBytes(StandardCharsets.UTF_8)));
      return refusal == null
          ? "accepted\n"
          : refusal.getMessage().replace(Shown.text(fileName()) + ":", "") + "\n";
    }

    @Override
    public String fileName() {
      return fileName.replace("\\n", "\n");
    }

    String text() {
      return "## %s\n@%s\n%s%s->\n"
          .formatted(
              title, fileName, installation.isEmpty() ? "" : "!" + installation + "\n", manifest);
    }
  }

  @TestFactory
  Stream<DynamicNode> refused() throws IOException {
    return files().stream()
        .map(
            file ->
                DynamicContainer.dynamicContainer(
                    file.getFileName().toString(),
                    cases(file).stream()
                        .map(
                            c ->
                                DynamicTest.dynamicTest(
                                    c.title(),
                                    () -> assertThat(c.actual()).isEqualTo(c.expected())))));
  }

  @Test
  void casesAreMany() throws IOException {
    assertThat(files().stream().mapToInt(file -> cases(file).size()).sum())
        .isGreaterThanOrEqualTo(120);
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(CASES)) {
      return files.sorted().toList();
    }
  }

  private static List<Case> cases(Path file) {
    try {
      String text = Files.readString(file);
      List<Case> cases = new ArrayList<>();
      for (String block : text.split("(?m)^## ", -1)) {
        if (!block.isEmpty()) {
          cases.add(parse(block));
        }
      }
      if (Boolean.getBoolean("golden.write")) {
        StringBuilder written = new StringBuilder();
        cases.forEach(c -> written.append(c.text()).append(c.actual()));
        Files.writeString(file, written);
      }
      return cases;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Case parse(String block) {
    String[] titleAndRest = block.split("\n@", 2);
    String[] nameAndRest = titleAndRest[1].split("\n", 2);
    String rest = nameAndRest[1];
    String installation = "";
    if (rest.startsWith("!")) {
      installation = rest.substring(1, rest.indexOf('\n'));
      rest = rest.substring(rest.indexOf('\n') + 1);
    }
    int arrow = rest.lastIndexOf("->\n");
    return new Case(
        titleAndRest[0],
        nameAndRest[0],
        installation,
        rest.substring(0, arrow),
        rest.substring(arrow + 3));
  }
}
