package io.hyper2kvm.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.tool.ToolFailedException.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes in and comes out of a tool; how a tool is ended is {@link ToolRunnerEndTest}'s. */
class ToolRunnerTest {

  @TempDir Path directory;
  private final ToolRunner runner = new ToolRunner();
  private Commands commands;

  @BeforeEach
  void commands() {
    commands = Commands.in(directory);
  }

  private Path program(Path folder, String name, String script) throws Exception {
    Path file = Files.writeString(Files.createDirectories(folder).resolve(name), script);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void aMissingToolIsNotStarted() {
    assertThatThrownBy(() -> runner.run(commands.of("no-such-tool-of-anybody")))
        .asInstanceOf(InstanceOfAssertFactories.type(ToolFailedException.class))
        .satisfies(
            failure -> {
              assertThat(failure.reason()).isEqualTo(Reason.NOT_STARTED);
              assertThat(failure.exitCode()).isEmpty();
              assertThat(failure.stderrTail()).isEmpty();
              assertThat(failure).hasMessageContaining("no-such-tool-of-anybody");
              assertThat(failure.command().executable()).isEqualTo("no-such-tool-of-anybody");
            });
  }

  @Test
  void aFileThatMayNotBeExecutedIsNotStarted() throws Exception {
    Path file = Files.writeString(directory.resolve("plain"), "#!/bin/sh\n");

    assertThatThrownBy(() -> runner.run(commands.of(file.toString())))
        .isInstanceOfSatisfying(
            ToolFailedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_STARTED));
  }

  @Test
  void aDirectoryOnThePathIsNoTool() throws Exception {
    Files.createDirectories(directory.resolve("bin/mytool"));
    Map<String, String> path = Map.of("PATH", directory.resolve("bin").toString());

    assertThatThrownBy(() -> runner.run(commands.environment(path).of("mytool")))
        .isInstanceOfSatisfying(
            ToolFailedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_STARTED));
  }

  @Test
  void aMissingWorkingDirectoryIsNotStarted() {
    Commands elsewhere = Commands.in(directory.resolve("gone"));

    assertThatThrownBy(() -> runner.run(elsewhere.of("true")))
        .isInstanceOfSatisfying(
            ToolFailedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_STARTED));
  }

  @Test
  void theToolIsLookedUpOnThePathThatItGets() throws Exception {
    program(directory.resolve("my bin"), "mytool", "#!/bin/sh\necho mine\n");
    Map<String, String> path = Map.of("PATH", "relative::" + directory.resolve("my bin"));

    assertThat(runner.run(commands.environment(path).of("mytool")).text()).isEqualTo("mine\n");
  }

  @Test
  void aToolOfThisProcessPathOnlyIsNotFound() {
    Map<String, String> path = Map.of("PATH", directory.toString());

    assertThatThrownBy(() -> runner.run(commands.environment(path).of("true")))
        .isInstanceOfSatisfying(
            ToolFailedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_STARTED));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 77, 255})
  void everyExitCodeComesBackWithoutAnException(int code) throws Exception {
    assertThat(runner.run(commands.sh("exit " + code)).exitCode()).isEqualTo(code);
  }

  @Test
  void aToolThatASignalEndedHasASignalsExitCode() throws Exception {
    assertThat(runner.run(commands.sh("kill -9 $$")).exitCode()).isEqualTo(128 + 9);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "two words",
        "",
        "it's",
        "say \"hi\"",
        "line one\nline two",
        "$HOME `id` $(id) ; rm -rf / & | > < * ? ~",
        "\\backslash\\",
        "--option=with space",
        "tab\tand\rreturn",
        "Grüße, 世界"
      })
  void anArgumentArrivesWhole(String argument) throws Exception {
    ToolResult result = runner.run(commands.of("printf", "%s|", argument, "next"));

    assertThat(result.text()).isEqualTo(argument + "|next|");
  }

  @Test
  void standardInputIsFedAndEnds() throws Exception {
    byte[] large = "0123456789abcdef".repeat(40_000).getBytes(StandardCharsets.US_ASCII);

    ToolResult result = runner.run(commands.stdin(large).of("sha256sum"));

    assertThat(result.text()).startsWith(sha256(large));
  }

  @Test
  void emptyStandardInputIsAnEndAtOnce() throws Exception {
    assertThat(runner.run(commands.of("cat")).stdout()).isEmpty();
  }

  @Test
  void aToolThatReadsNoInputMayEndBeforeAllIsFed() throws Exception {
    byte[] large = new byte[8 << 20];

    assertThat(runner.run(commands.stdin(large).sh("exit 3")).exitCode()).isEqualTo(3);
  }

  @Test
  void bytesOfStandardOutputComeBackAsTheyWere() throws Exception {
    byte[] stdout = runner.run(commands.sh("printf '\\000\\377\\200a\\r\\n'")).stdout();

    assertThat(stdout).containsExactly(0, 0xff, 0x80, 'a', '\r', '\n');
  }

  @Test
  void theEnvironmentIsWhatWasGivenAndTheMark() throws Exception {
    Map<String, String> given = Map.of("H2K_ONLY", "one two", "OTHER", "");

    ToolResult result = runner.run(commands.environment(given).of("/usr/bin/env"));

    assertThat(result.text().lines())
        .filteredOn(line -> !line.startsWith(ProcessTree.MARK + "="))
        .containsExactlyInAnyOrder("H2K_ONLY=one two", "OTHER=");
  }

  @Test
  void theWorkingDirectoryIsTheGivenOne() throws Exception {
    assertThat(runner.run(commands.of("/bin/pwd")).text().strip())
        .isEqualTo(directory.toRealPath().toString());
  }

  @Test
  void linesAreHandedOnWhetherTheyEndInLfOrCr() throws Exception {
    List<String> pieces = Collections.synchronizedList(new ArrayList<>());

    ToolResult result =
        runner.run(
            commands.onLine(pieces::add).sh("printf '  (0.00/100%%)\\r  (5.50/100%%)\\rdone\\nx'"));

    assertThat(pieces).containsExactly("  (0.00/100%)", "  (5.50/100%)", "done");
    assertThat(result.text()).endsWith("done\nx");
  }

  @Test
  void aLineIsHandedOnWhileTheToolStillRuns() throws Exception {
    // The tool goes on only when the callback has made the file that it waits for.
    Path sign = directory.resolve("sign");
    Commands answering =
        commands.onLine(
            line -> {
              try {
                Files.writeString(sign, line);
              } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });

    ToolResult result =
        runner.run(answering.sh("echo 50; until [ -s \"$1\" ]; do :; done", sign.toString()));

    assertThat(result.exitCode()).isZero();
  }

  @Test
  void aLineWithoutEndIsHandedOnCutOff() throws Exception {
    List<String> pieces = Collections.synchronizedList(new ArrayList<>());

    runner.run(commands.onLine(pieces::add).sh("head -c 100000 /dev/zero | tr '\\0' a; echo"));

    assertThat(pieces).singleElement().satisfies(p -> assertThat(p).hasSize(4096).matches("a+"));
  }

  @Test
  void ofStandardErrorOnlyTheEndIsKept() throws Exception {
    ToolResult result =
        runner.run(commands.sh("{ echo first; head -c 300000 /dev/zero; echo; echo last; } >&2"));

    assertThat(result.stderrTail()).hasSize(16 << 10).endsWith("\nlast\n").doesNotContain("first");
    assertThat(result.stdout()).isEmpty();
  }

  @Test
  void shortStandardErrorIsKeptWhole() throws Exception {
    assertThat(runner.run(commands.sh("echo no such disk >&2")).stderrTail())
        .isEqualTo("no such disk\n");
  }

  @Test
  void standardErrorCanGoToAFile() throws Exception {
    Path log = directory.resolve("log");

    ToolResult result = runner.run(commands.stderrFile(log).sh("echo why >&2"));

    assertThat(log).hasContent("why");
    assertThat(result.stderrTail()).isEmpty();
  }

  private static String sha256(byte[] content) throws Exception {
    return java.util.HexFormat.of()
        .formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(content));
  }
}
