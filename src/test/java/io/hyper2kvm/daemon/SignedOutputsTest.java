package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyper2kvm.signature.AttestationFile;
import io.hyper2kvm.signature.TestKeys;
import io.hyper2kvm.signature.TrustedKey;
import io.hyper2kvm.verify.FileDigest;
import io.hyper2kvm.verify.FileFinding;
import io.hyper2kvm.verify.Verdict;
import io.hyper2kvm.verify.Verification;
import io.hyper2kvm.verify.VerifyResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon with a key: what it leaves is signed, and nothing of the key is anywhere. */
@Tag("daemon")
class SignedOutputsTest {

  @TempDir Path folder;
  private RunningDaemon daemon;
  private Path key;
  private List<TrustedKey> trusted;

  @BeforeEach
  void prepare() throws Exception {
    daemon = new RunningDaemon(folder);
    key = TestKeys.make(daemon.root, "own");
    daemon.signingKey = Optional.of(key);
    trusted = TrustedKey.read(daemon.root.resolve("own.pub"));
  }

  private VerifyResult verify(Path file) {
    return new Verification(trusted, new FileDigest(System.getenv())).of(file);
  }

  @Test
  void anOutputAndItsReportAreSignedAndOneChangedByteIsNamed() throws Exception {
    Path output = daemon.output().resolve("web-converted.raw");
    Path report;
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));
      JsonNode json = running.report("web.json");
      report = running.awaitProcessed("web.json.report.json");
      assertThat(json.at("/artifacts/signature").asText())
          .isEqualTo(AttestationFile.beside(output).toString());
    }

    assertThat(verify(output).verdict()).isEqualTo(Verdict.VERIFIED);
    assertThat(verify(output).files())
        .extracting(FileFinding::name)
        .containsExactly("web-converted.raw", "web.xml", "web-converted.raw.provenance.json");
    assertThat(verify(report).verdict()).isEqualTo(Verdict.VERIFIED);
    byte[] content = Files.readAllBytes(output);
    content[4711] ^= 1;
    Files.write(output, content);
    assertThat(verify(output).verdict()).isEqualTo(Verdict.CHANGED);
    assertThat(verify(output).files())
        .filteredOn(file -> file.state() == FileFinding.State.CHANGED)
        .extracting(FileFinding::name)
        .containsExactly("web-converted.raw");
  }

  @Test
  void theErrorFileOfABatchThatFailedInPartIsSigned() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      running.disk("a");
      running.drop("two.json", running.batch("", "a", "gone"));
      Path error = running.awaitFailed("two.json.error.json");
      running.awaitFailed("two.json");

      assertThat(verify(error).verdict()).isEqualTo(Verdict.VERIFIED);
      assertThat(verify(running.output().resolve("a-converted.raw")).verdict())
          .isEqualTo(Verdict.VERIFIED);
      assertThat(RunningDaemon.names(error.getParent()))
          .containsExactly(
              "two.json",
              "two.json.error.json",
              "two.json.error.json.intoto.jsonl",
              "two.retry.json");
    }
  }

  @Test
  void whatIsSignedCanBeMovedBackIntoTheDropZoneWithItsSignature() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      running.drop("two.json", running.batch("", "gone"));
      Path failed = running.awaitFailed("two.json");
      running.disk("gone");
      for (String name : List.of("two.json.error.json.intoto.jsonl", "two.json.error.json")) {
        Files.move(failed.resolveSibling(name), running.directories.toBeProcessed().resolve(name));
      }
      Files.move(failed, running.directories.toBeProcessed().resolve("two.json"));

      assertThat(running.report("two.json").path("status").asText()).isEqualTo("completed");
      assertThat(RunningDaemon.names(running.directories.toBeProcessed()))
          .containsExactly("two.json.error.json", "two.json.error.json.intoto.jsonl");
    }
  }

  @Test
  void aHashThatCannotBeHadFailsTheVmAndLeavesNothing() throws Exception {
    daemon.tools.executable("sha256sum", "#!/bin/sh\necho 'Input/output error' >&2\nexit 1\n");
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));
      JsonNode error = running.error("web.json");

      assertThat(error.path("code").asText()).isEqualTo("TOOL_EXITED_NONZERO");
      assertThat(error.path("command").asText()).startsWith("sha256sum --binary ");
      assertThat(RunningDaemon.names(running.output())).isEmpty();
    }
  }

  @Test
  void aDryRunHashesNothing() throws Exception {
    daemon.tools.executable("sha256sum", "#!/bin/sh\nexit 1\n");
    daemon.dryRun = true;
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));

      assertThat(running.report("web.json").path("dry_run").asBoolean()).isTrue();
      assertThat(verify(running.awaitProcessed("web.json.report.json")).verdict())
          .isEqualTo(Verdict.VERIFIED);
    }
  }

  @Test
  void nothingOfTheKeyIsInAnyFile() throws Exception {
    String secret = Files.readAllLines(key).get(1);
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));
      running.awaitProcessed("web.json");
    }

    try (var tree = Files.walk(daemon.root)) {
      assertThat(tree.filter(Files::isRegularFile).filter(file -> !file.equals(key)))
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThat(new String(Files.readAllBytes(file), "ISO-8859-1"))
                      .doesNotContain(secret));
    }
  }
}
