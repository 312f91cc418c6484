package io.hyper2kvm.tool.luks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {

  @TempDir Path folder;

  private Path write(byte[] content, String mode) throws IOException {
    Path file = folder.resolve("key");
    Files.write(file, content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  static Stream<Arguments> contents() {
    return Stream.of(
        Arguments.of("secret", List.of(6)),
        Arguments.of("secret\n", List.of(6, 7)),
        Arguments.of("secret\r\n", List.of(6, 8)),
        Arguments.of("secret\n\n", List.of(8)),
        Arguments.of("two\nlines\n", List.of(10)),
        Arguments.of(" blanks \n", List.of(8, 9)),
        Arguments.of("p\u00c3\u00a4ss\n", List.of(5, 6)),
        Arguments.of("binary\u0000\n", List.of(8)),
        Arguments.of("\u00ff\u00fe\n", List.of(3)),
        Arguments.of("\n", List.of(1)),
        Arguments.of("\r\n", List.of(2)));
  }

  @ParameterizedTest
  @MethodSource("contents")
  void theNewlineAtTheEndOfATextIsFirstLeftOut(String content, List<Integer> lengths)
      throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
    KeyFile key = KeyFile.read(write(bytes, "rw-------"));

    assertThat(key.lengths()).isEqualTo(lengths);
    assertThat(key.content()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r--r--", "rw-----w-", "rw--w----", "rw-r---w-", "rwxrwxrwx"})
  void aFileThatOthersReadOrWriteIsRefused(String mode) throws IOException {
    Path file = write(new byte[] {'k'}, mode);

    assertThatThrownBy(() -> KeyFile.read(file)).hasMessageContaining(mode);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-------", "r--------", "rw-r-----", "r--r-----"})
  void aFileOfTheUserAndItsGroupIsRead(String mode) throws IOException {
    assertThat(KeyFile.read(write(new byte[] {'k'}, mode)).lengths()).containsExactly(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, KeyFile.LARGEST + 1})
  void anEmptyFileAndALargeOneAreRefused(int size) throws IOException {
    Path file = write(new byte[size], "rw-------");

    assertThatThrownBy(() -> KeyFile.read(file)).isInstanceOf(IOException.class);
  }

  @Test
  void theLargestKeyIsRead() throws IOException {
    assertThat(KeyFile.read(write(new byte[KeyFile.LARGEST], "rw-------")).lengths())
        .containsExactly(KeyFile.LARGEST);
  }

  @Test
  void aFolderAndADeviceAreRefused() {
    assertThatThrownBy(() -> KeyFile.read(folder)).hasMessageContaining("no regular file");
    assertThatThrownBy(() -> KeyFile.read(Path.of("/dev/zero")))
        .hasMessageContaining("no regular file");
  }

  @Test
  void aMissingFileIsTold() {
    assertThatThrownBy(() -> KeyFile.read(folder.resolve("none")))
        .hasMessage("there is no such file");
  }

  @Test
  void aLinkToAFileIsFollowed() throws IOException {
    Path file = write(new byte[] {'k'}, "rw-------");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file.getFileName());

    assertThat(KeyFile.read(link).content()).containsExactly('k');
  }

  @Test
  void aCredentialIsReadFromSystemdsFolder() throws IOException {
    write("secret".getBytes(StandardCharsets.UTF_8), "r--r-----");
    LuksKey key = LuksKey.parse("vm=*; credential=key", folder);
    LuksKeys keys = LuksKeys.of(List.of(key), Map.of("CREDENTIALS_DIRECTORY", folder.toString()));

    assertThat(keys.read(key).lengths()).containsExactly(6);
  }

  @Test
  void aCredentialWithoutSystemdIsToldWithItsName() {
    LuksKey key = LuksKey.parse("vm=*; credential=db-key", folder);
    LuksKeys keys = LuksKeys.of(List.of(key), Map.of());

    assertThatThrownBy(() -> keys.read(key)).hasMessageContaining("LoadCredential=db-key:");
  }
}
