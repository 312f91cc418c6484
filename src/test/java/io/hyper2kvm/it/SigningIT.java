package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.signature.AttestationFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys made by openssl, outputs signed by run, verified by verify and by openssl alone. */
class SigningIT {

  private static final String ED25519 = "-algorithm ed25519";
  private static final String P256 = "-algorithm EC -pkeyopt ec_paramgen_curve:P-256";

  @TempDir Path folder;
  private Path output;

  private record Ended(int exit, String out, String err) {}

  @BeforeEach
  void manifest() throws IOException {
    folder = folder.toRealPath();
    byte[] disk = new byte[1 << 20];
    Arrays.fill(disk, 4096, 8192, (byte) 7);
    Files.write(folder.resolve("disk.raw"), disk);
    Files.writeString(
        folder.resolve("web01.json"),
        """
        {"version": "1.0", "pipeline": {"load": {"source_type": "raw", "source_path": "%s"},
         "convert": {"output_format": "qcow2", "output_path": "web01-converted.qcow2",
                     "domain": {"disk_bus": "sata", "network_model": "e1000e"}}}}
        """
            .formatted(folder.resolve("disk.raw")));
    Files.createDirectories(folder.resolve("vm"));
    output = folder.resolve("vm/web01-converted.qcow2");
  }

  private Ended end(List<String> command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(folder.resolve("stdout").toFile())
            .redirectError(folder.resolve("stderr").toFile())
            .start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    return new Ended(
        process.exitValue(),
        Files.readString(folder.resolve("stdout")),
        Files.readString(folder.resolve("stderr")));
  }

  private Ended program(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(RealGuest.Program.HOME.resolve("bin/hyper2kvm").toString());
    command.addAll(List.of(arguments));
    return end(command);
  }

  private Ended shell(String script) throws Exception {
    return end(List.of("bash", "-euc", "set -o pipefail; " + script));
  }

  /** The block of commands in docs/signing.md that begins so, with the folders of this test. */
  private String documented(String begin) throws IOException {
    String text = Files.readString(RealGuest.Program.HOME.resolve("docs/signing.md"));
    int at = text.indexOf("```bash\n" + begin);
    assertThat(at).as(begin).isPositive();
    String block = text.substring(at + "```bash\n".length(), text.indexOf("\n```\n", at));
    return block
        .replace("/etc/hyper2kvm/keys", folder + "/keys")
        .replace("chown hyper2kvm ", "test -s ")
        .replace("/srv/vm", folder + "/vm");
  }

  private void keys(String algorithm) throws Exception {
    Ended made = shell(documented("install -d").replace(ED25519, algorithm));
    assertThat(made.exit()).as(made.err()).isZero();
    Files.writeString(
        folder.resolve("daemon.yaml"),
        "output_dir: vm\nkvm: off\nsigning_key: keys/signing.pem\nverify_keys: [keys/signing.pub]\n");
  }

  private void signedRun() throws Exception {
    Ended run = program("run", "--config", "daemon.yaml", "web01.json");
    assertThat(run.exit()).as(run.out() + run.err()).isZero();
    assertThat(run.out()).contains("signature " + AttestationFile.beside(output));
  }

  private Ended verify(Path file) throws Exception {
    return program("verify", "--config", "daemon.yaml", file.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {ED25519, P256})
  void whatIsSignedIsVerifiedByUsAndByOpensslAndAChangedByteIsNamed(String algorithm)
      throws Exception {
    keys(algorithm);
    signedRun();

    Ended whole = verify(output);
    assertThat(whole.exit()).as(whole.out() + whole.err()).isZero();
    assertThat(verify(folder.resolve("web01.json.report.json")).exit()).isZero();
    Ended openssl = shell(documented("cd /srv/vm"));
    assertThat(openssl.exit()).as(openssl.out() + openssl.err()).isZero();
    assertThat(openssl.out())
        .contains(
            "Signature Verified Successfully",
            "web01-converted.qcow2: OK",
            "web01-converted.qcow2.provenance.json: OK",
            "web01.xml: OK");

    byte[] image = Files.readAllBytes(output);
    image[image.length / 2] ^= 1;
    Files.write(output, image);
    Ended changed = verify(output);
    assertThat(changed.exit()).isEqualTo(1);
    assertThat(changed.out())
        .contains(": CHANGED: web01-converted.qcow2\n", "  ok         web01.xml\n");
    assertThat(shell(documented("cd /srv/vm")).out()).contains("web01-converted.qcow2: FAILED");
  }

  @Test
  void theKeysHashIsTheOneThatTheDocumentSays() throws Exception {
    keys(ED25519);
    signedRun();

    Ended hash =
        shell("openssl pkey -pubin -in keys/signing.pub -outform DER | sha256sum | cut -c1-64");
    assertThat(Files.readString(AttestationFile.beside(output)))
        .contains("\"keyid\":\"%s\"".formatted(hash.out().strip()));
  }

  @Test
  void keysThatOpensslMakesOtherwiseAreRefusedBeforeAnyWork() throws Exception {
    keys(ED25519);
    Ended made =
        shell(
            "umask 077; cd keys; openssl ecparam -name prime256v1 -genkey -out old.pem; openssl"
                + " genpkey -algorithm RSA -out rsa.pem; openssl pkcs8 -topk8 -in signing.pem"
                + " -passout pass:secret -out locked.pem; openssl genpkey -algorithm EC -pkeyopt"
                + " ec_paramgen_curve:P-384 -out p384.pem; openssl pkcs8 -topk8 -nocrypt -in"
                + " old.pem -out new.pem");
    assertThat(made.exit()).as(made.err()).isZero();

    for (String key : List.of("old", "rsa", "locked", "p384")) {
      Files.writeString(
          folder.resolve("other.yaml"),
          "output_dir: vm\nsigning_key: keys/%s.pem\n".formatted(key));
      Ended refused = program("validate", "--config", "other.yaml", "web01.json");
      assertThat(refused.exit()).as(key).isEqualTo(2);
      assertThat(refused.err()).contains("signing_key: found", key + ".pem: it is");
    }
    Files.writeString(folder.resolve("other.yaml"), "output_dir: vm\nsigning_key: keys/new.pem\n");
    assertThat(program("validate", "--config", "other.yaml", "web01.json").exit()).isZero();
  }
}
