package io.hyper2kvm.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bundles of statements as files that anybody may have put there. */
class AttestationFileTest {

  @TempDir Path directory;
  private Path file;
  private byte[] line;

  @BeforeEach
  void create() {
    file = AttestationFile.beside(directory.resolve("web.qcow2"));
    Statement statement = Statement.of(List.of(Subject.of("a", new byte[0])), "t", Map.of());
    line = TestKeys.signer(directory, "k").line(statement);
  }

  @Test
  void itsNameIsThatOfABundle() {
    assertThat(file).hasFileName("web.qcow2.intoto.jsonl");
  }

  @Test
  void aLineIsAnEnvelope() throws IOException {
    Files.write(file, line);

    assertThat(new String(line, UTF_8)).endsWith("}\n").doesNotContainPattern("\n.");
    assertThat(AttestationFile.read(file).envelopes()).hasSize(1);
    assertThat(AttestationFile.read(file).problems()).isEmpty();
  }

  @Test
  void linesOfOtherProgramsArePassedOver() throws IOException {
    Files.writeString(file, "\n{\"x\":1}\r\n  \n" + new String(line, UTF_8) + "nonsense");

    AttestationFile read = AttestationFile.read(file);

    assertThat(read.envelopes()).hasSize(1);
    assertThat(read.problems()).hasSize(2);
  }

  @Test
  void endlessLinesAreNotAllRead() throws IOException {
    Files.writeString(file, "{}\n".repeat(10_000));

    assertThat(AttestationFile.read(file).problems()).hasSize(101);
  }

  @Test
  void aHugeFileIsRefused() throws IOException {
    Files.write(file, new byte[AttestationFile.LARGEST + 1]);

    assertThatThrownBy(() -> AttestationFile.read(file)).hasMessageContaining("more than 8388608");
  }

  @Test
  void aLinkIsNotFollowed() throws IOException {
    Files.createSymbolicLink(file, Files.write(directory.resolve("other"), line));

    assertThatThrownBy(() -> AttestationFile.read(file)).hasMessage("it is no regular file");
  }

  @Test
  @Timeout(20)
  void aPipeIsNotOpened() throws Exception {
    assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();

    assertThatThrownBy(() -> AttestationFile.read(file)).hasMessage("it is no regular file");
  }
}
