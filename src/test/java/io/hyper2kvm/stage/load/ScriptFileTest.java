package io.hyper2kvm.stage.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.stage.OperatorScript;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which scripts are read: those that really lie below an allowed folder and can run. */
@Timeout(60)
class ScriptFileTest {

  private static final String TEXT = "#!/bin/sh\necho hi\n";

  @TempDir Path directory;
  private Path root;
  private Path outside;

  @BeforeEach
  void folders() throws IOException {
    root = Files.createDirectories(directory.toRealPath().resolve("scripts"));
    outside = Files.createDirectories(directory.toRealPath().resolve("outside"));
  }

  private Path write(Path folder, String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private OperatorScript read(Path script) {
    return ScriptFile.read(script, List.of(root));
  }

  private void assertRefused(Path script, String reason) {
    assertThatThrownBy(() -> read(script))
        .hasMessageContaining(reason)
        .hasMessageContaining(script.toString())
        .isInstanceOfSatisfying(
            StageFailedException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.FIRSTBOOT_SCRIPT_REFUSED));
  }

  @Test
  void aScriptBelowTheFolderIsReadByteForByteWithItsHash() throws IOException {
    Path script = write(root, "site/web/first.sh", "#!/bin/sh\necho '\u00ff\u00e4'\n");

    assertThat(read(script))
        .isEqualTo(OperatorScript.of(script, Files.readAllBytes(script)))
        .extracting(OperatorScript::sha256)
        .asString()
        .hasSize(64);
  }

  @Test
  void aLinkWithinTheFolderIsFollowed() throws IOException {
    write(root, "v2/first.sh", TEXT);
    Files.createSymbolicLink(root.resolve("now"), Path.of("v2"));

    assertThat(read(root.resolve("now/first.sh")).text()).isEqualTo(TEXT);
  }

  @Test
  void aRootThatIsALinkIsFollowed() throws IOException {
    write(root, "first.sh", TEXT);
    Path link = Files.createSymbolicLink(directory.resolve("link"), root);

    assertThat(ScriptFile.read(link.resolve("first.sh"), List.of(link)).text()).isEqualTo(TEXT);
  }

  @Test
  void aLinkThatLeadsOutIsRefused() throws IOException {
    Path secret = write(outside, "secret.sh", TEXT);
    Files.createSymbolicLink(root.resolve("file.sh"), secret);
    Files.createSymbolicLink(root.resolve("folder"), outside);

    assertRefused(root.resolve("file.sh"), "really is " + secret);
    assertRefused(root.resolve("folder/secret.sh"), "really is " + secret);
    assertRefused(root.resolve("../outside/secret.sh"), "really is " + secret);
  }

  @Test
  void aFolderWithTheSameBeginningIsAnother() throws IOException {
    Path script = write(directory.toRealPath().resolve("scripts-old"), "first.sh", TEXT);

    assertRefused(script, "below none of");
  }

  @Test
  void withoutAnyFolderNothingMayBeNamed() throws IOException {
    Path script = write(root, "first.sh", TEXT);

    assertThatThrownBy(() -> ScriptFile.read(script, List.of()))
        .hasMessageContaining("source_dir or allowed_source_roots");
  }

  @Test
  void whatIsNoRegularFileIsRefused() throws Exception {
    Files.createDirectories(root.resolve("folder"));
    new ProcessBuilder("mkfifo", root.resolve("pipe").toString()).start().waitFor();

    assertRefused(root.resolve("folder"), "it is a folder");
    assertRefused(root.resolve("pipe"), "neither a file nor a folder");
    assertRefused(root, "below none of");
    assertRefused(root.resolve("missing.sh"), "it is not there");
    Files.createSymbolicLink(root.resolve("dangling"), root.resolve("gone"));
    assertRefused(root.resolve("dangling"), "it is not there");
  }

  @Test
  void aScriptThatMayNotBeReadIsToldAsThat() throws IOException {
    Path script = write(root, "first.sh", TEXT);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("---------"));
    Assumptions.assumeFalse(Files.isReadable(script), "root may read every file");

    assertRefused(script, "may not read it");
  }

  @Test
  void aScriptOfTheLargestSizeIsReadAndALargerOneIsNot() throws IOException {
    Path script = write(root, "first.sh", TEXT + "#".repeat(ScriptFile.MAX_BYTES - TEXT.length()));

    assertThat(read(script).text()).hasSize(ScriptFile.MAX_BYTES);
    Files.writeString(script, "#", StandardOpenOption.APPEND);
    assertRefused(script, "more than 1048576 bytes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | it is empty",
        "echo hi | does not begin with #!",
        "#!bash | by its whole path",
        "#!/usr/bin/env a b | env -S",
      })
  void whatCannotRunIsRefusedBeforeAnyWork(String text, String reason) throws IOException {
    assertRefused(write(root, "first.sh", text), reason);
  }

  @Test
  void crLfIsRefusedWithWhatToDo() throws IOException {
    assertRefused(write(root, "first.sh", "#!/bin/sh\r\necho\r\n"), "dos2unix");
  }
}
