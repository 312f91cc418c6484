package io.hyper2kvm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.signature.AttestationFile;
import io.hyper2kvm.signature.Signer;
import io.hyper2kvm.signature.Statement;
import io.hyper2kvm.signature.Subject;
import io.hyper2kvm.signature.TestKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code verify} prints and how it ends. */
class VerifyCommandTest {

  @TempDir Path directory;
  private Path folder;
  private Path image;
  private Signer signer;
  private CommandRun run;

  @BeforeEach
  void sign() throws IOException {
    folder = directory.toRealPath();
    image = Files.writeString(folder.resolve("web.qcow2"), "an image");
    Files.writeString(folder.resolve("web.xml"), "<domain/>");
    signer = TestKeys.signer(folder, "own");
    TestKeys.make(folder, "other");
    Files.write(AttestationFile.beside(image), signer.line(statement()));
    run = new CommandRun(folder);
    run.environment.put("PATH", System.getenv("PATH"));
  }

  private Statement statement() throws IOException {
    return Statement.of(
        List.of(
            Subject.of("web.qcow2", Files.readAllBytes(image)),
            Subject.of("web.xml", Files.readAllBytes(folder.resolve("web.xml")))),
        Statement.SLSA_PROVENANCE,
        Map.of(
            "buildDefinition",
            Map.of("externalParameters", Map.of("manifest", "web01", "vm", "web")),
            "runDetails",
            Map.of(
                "builder",
                Map.of("id", "urn:example:kvm01"),
                "metadata",
                Map.of("finishedOn", "2026-11-24T18:50:06Z"))));
  }

  @Test
  void whatIsAsItWasSignedIsVerified() {
    assertThat(run.execute("verify", "--key", "own.pub", "web.qcow2")).isZero();

    assertThat(run.out().replace(folder.toString(), "DIR").replace(signer.key().id(), "ID"))
        .isEqualTo(
            """
            DIR/web.qcow2: verified
              signed by  DIR/own.pub (key ID)
              of         manifest web01, VM web
              made by    urn:example:kvm01, finished 2026-11-24T18:50:06Z
              ok         web.qcow2
              ok         web.xml
            """);
    assertThat(run.err()).isEmpty();
  }

  @Test
  void oneChangedByteIsNamedByItsFile() throws IOException {
    Files.writeString(image, "an imagE");

    assertThat(run.execute("verify", "--key", "own.pub", "web.qcow2")).isEqualTo(1);

    assertThat(run.out())
        .contains("web.qcow2: CHANGED: web.qcow2\n", "  changed    web.qcow2: its sha256 is ")
        .contains("  ok         web.xml\n");
  }

  @ParameterizedTest
  @CsvSource({
    // key, file, exit code, verdict
    "own.pub, web.qcow2, 0, verified",
    "own.pub, web.xml, 0, verified",
    "other.pub, web.qcow2, 3, not_trusted",
    "own.pub, bare.qcow2, 3, not_signed",
    "own.pub, none.qcow2, 1, not_there",
    "own.pub, bad.qcow2, 1, changed"
  })
  void theExitCodeTellsTheVerdict(String key, String file, int exitCode, String verdict)
      throws IOException {
    Files.writeString(folder.resolve("bare.qcow2"), "x");
    Files.writeString(folder.resolve("bad.qcow2"), "x");
    Files.writeString(folder.resolve("bad.qcow2.intoto.jsonl"), "{}");

    assertThat(run.execute("verify", "--output", "json", "--key", key, file)).isEqualTo(exitCode);

    JsonNode json = new ObjectMapper().readTree(run.out());
    assertThat(json.path("ok").asBoolean()).isEqualTo(exitCode == 0);
    assertThat(json.at("/results/0/verdict").asText()).isEqualTo(verdict);
  }

  @Test
  void ofSeveralTheWorstCounts() throws IOException {
    Files.writeString(folder.resolve("bare.qcow2"), "x");

    assertThat(run.execute("verify", "--key", "own.pub", "web.qcow2", "bare.qcow2")).isEqualTo(3);
    assertThat(run.execute("verify", "--key", "own.pub", "bare.qcow2", "none", "web.qcow2"))
        .isEqualTo(1);
  }

  @Test
  void severalKeysAreTrusted() {
    assertThat(run.execute("verify", "--key", "other.pub", "--key", "own.pub", "web.qcow2"))
        .isZero();
  }

  @Test
  void withoutAKeyItSaysThatNothingIsProved() {
    assertThat(run.execute("verify", "web.qcow2")).isEqualTo(3);

    assertThat(run.out())
        .contains("web.qcow2: signed, but not by a trusted key\n", "no key to trust was named");
  }

  @Test
  void theConfigurationsKeysAreTrusted() throws IOException {
    Files.writeString(folder.resolve("daemon.yaml"), "verify_keys: [own.pub]\n");

    assertThat(run.execute("verify", "--config", "daemon.yaml", "web.qcow2")).isZero();
  }

  @Test
  void anOwnKeyIsTrustedInPlaceOfTheConfigurations() throws IOException {
    Files.writeString(folder.resolve("daemon.yaml"), "verify_keys: [own.pub]\n");

    assertThat(run.execute("verify", "--config", "daemon.yaml", "--key", "other.pub", "web.qcow2"))
        .isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "none.pub, there is no such file",
    "own.pem, it holds a private key",
    "web.xml, it holds no PEM block"
  })
  void aKeyThatIsNoneIsWrongUse(String key, String reason) {
    assertThat(run.execute("verify", "--key", key, "web.qcow2")).isEqualTo(2);

    assertThat(run.err()).contains("hyper2kvm: the key " + folder.resolve(key) + ": " + reason);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void withoutAFileThereIsNothingToDo() {
    assertThat(run.execute("verify", "--key", "own.pub")).isEqualTo(2);
    assertThat(run.execute("verify", "--key", "own.pub", "/")).isEqualTo(2);
  }

  @Test
  void hostileNamesCannotForgeALine() throws IOException {
    String evil = "x\n/srv/web.qcow2: verified";
    Files.writeString(folder.resolve(evil.replace("/", "_")), "x");
    Statement statement =
        Statement.of(
            List.of(
                Subject.of("bad.qcow2", new byte[0]),
                Subject.of(evil.replace("/", "_"), new byte[0])),
            Statement.SLSA_PROVENANCE,
            Map.of("runDetails", Map.of("builder", Map.of("id", "\u001b[31m\nverified"))));
    Files.write(folder.resolve("bad.qcow2.intoto.jsonl"), signer.line(statement));

    assertThat(run.execute("verify", "bad.qcow2")).isEqualTo(1);

    assertThat(run.out().lines())
        .noneMatch(line -> line.startsWith("_srv") || line.startsWith("verified"));
    assertThat(run.out()).doesNotContain("\u001b");
  }
}
