package io.hyper2kvm.daemon.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebTokenTest {

  private static final String GOOD = "0123456789abcdef";

  @TempDir Path folder;

  private Path file(String text, String mode) throws IOException {
    Path file = Files.writeString(folder.resolve("token"), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-------", "r--------", "rw-r-----", "r--r-----"})
  void fileThatOthersCannotReadIsUsed(String mode) throws IOException {
    assertThat(WebToken.read(file(GOOD + "\n", mode)).isIn("Bearer " + GOOD)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"rw-r--r--", "rw--w----", "rw-rw----", "rw-----w-", "rwxrwxrwx"})
  void fileOfOthersIsRefused(String mode) throws IOException {
    Path file = file(GOOD, mode);
    assertThatThrownBy(() -> WebToken.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("chmod 0600")
        .hasMessageNotContaining(GOOD);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "short",
        "two words of a token",
        "0123456789abcde\u00e9",
        "a\nbcdefghijklmnopqrst"
      })
  void textThatIsNoTokenIsRefused(String text) throws IOException {
    Path file = file(text, "rw-------");
    assertThatThrownBy(() -> WebToken.read(file)).isInstanceOf(IOException.class);
  }

  @Test
  void veryLongTokenIsRefused() throws IOException {
    Path file = file("a".repeat(100_000), "rw-------");
    assertThatThrownBy(() -> WebToken.read(file)).isInstanceOf(IOException.class);
  }

  @Test
  @Timeout(20)
  void pipeAndFolderAreRefused() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThatThrownBy(() -> WebToken.read(pipe)).hasMessageContaining("regular");
    assertThatThrownBy(() -> WebToken.read(folder)).hasMessageContaining("regular");
    assertThatThrownBy(() -> WebToken.read(folder.resolve("none"))).hasMessageContaining("no such");
  }
}
