package io.hyper2kvm.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

  @TempDir Path directory;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void assertOnly(String... names) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder(names);
    }
  }

  @Test
  void aMissingFolderIsAnErrorAndNotMade() {
    Path file = directory.resolve("gone/report.json");

    assertThatThrownBy(() -> AtomicFile.write(file, bytes("new")))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(directory.resolve("gone")).doesNotExist();
  }

  @Test
  void aTargetThatCannotBeReplacedKeepsWhatItHasAndNothingStaysBeside() throws IOException {
    Path folder = Files.createDirectories(directory.resolve("report.json/full")).getParent();

    assertThatThrownBy(() -> AtomicFile.write(folder, bytes("new")))
        .isInstanceOf(IOException.class);

    assertOnly("report.json");
    assertThat(folder.resolve("full")).isDirectory();
  }

  @Test
  void aFileIsMade() throws IOException {
    AtomicFile.write(directory.resolve("report.json"), bytes("new"));

    assertThat(directory.resolve("report.json")).hasContent("new");
    assertOnly("report.json");
  }

  @Test
  void anOldFileIsReplacedWhole() throws IOException {
    Path file = Files.writeString(directory.resolve("report.json"), "a much longer old content");

    AtomicFile.write(file, bytes("new"));

    assertThat(file).hasContent("new");
  }

  @Test
  void aReaderOfTheOldFileKeepsReadingTheOldFile() throws IOException {
    Path file = Files.writeString(directory.resolve("report.json"), "old");
    try (var reader = Files.newInputStream(file)) {
      AtomicFile.write(file, bytes("new"));

      assertThat(reader.readAllBytes()).isEqualTo(bytes("old"));
    }
  }

  @Test
  void whatADeadProcessLeftBesideIsNoHindrance() throws IOException {
    Files.writeString(directory.resolve(".report.json.tmp"), "half of a longer report");

    AtomicFile.write(directory.resolve("report.json"), bytes("new"));

    assertThat(directory.resolve("report.json")).hasContent("new");
    assertOnly("report.json");
  }

  @Test
  void aLinkLaidAtTheTemporaryNameIsNotWrittenThrough() throws IOException {
    Path victim = Files.writeString(directory.resolve("victim"), "precious");
    Files.createSymbolicLink(directory.resolve(".report.json.tmp"), victim);

    AtomicFile.write(directory.resolve("report.json"), bytes("new"));

    assertThat(victim).hasContent("precious");
    assertThat(directory.resolve("report.json")).isRegularFile().hasContent("new");
    assertThat(Files.isSymbolicLink(directory.resolve("report.json"))).isFalse();
  }

  @Test
  void aLinkAtTheTargetIsReplacedAndNotWrittenThrough() throws IOException {
    Path victim = Files.writeString(directory.resolve("victim"), "precious");
    Path file = Files.createSymbolicLink(directory.resolve("report.json"), victim);

    AtomicFile.write(file, bytes("new"));

    assertThat(victim).hasContent("precious");
    assertThat(Files.isSymbolicLink(file)).isFalse();
  }

  @Test
  void anInterruptedThreadStillWritesAndStaysInterrupted() throws Exception {
    Path file = directory.resolve("report.json");
    AtomicBoolean stayed = new AtomicBoolean();
    Thread stopped =
        new Thread(
            () -> {
              Thread.currentThread().interrupt();
              try {
                AtomicFile.write(file, bytes("why it failed"));
                AtomicFile.sync(file);
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
              stayed.set(Thread.currentThread().isInterrupted());
            });
    stopped.start();
    stopped.join();

    assertThat(file).hasContent("why it failed");
    assertThat(stayed).isTrue();
  }
}
