package io.hyper2kvm.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.config.value.SigningConfig;
import io.hyper2kvm.signature.TestKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputConfigTest {

  @TempDir Path root;

  @Test
  void defaults() throws Exception {
    var site = new Site(root);
    assertThat(site.fileWith().load().config().output())
        .isEqualTo(new OutputConfig(site.root.resolve("out"), List.of()));
  }

  @Test
  void everyKeyIsMapped() throws Exception {
    var site = new Site(root);
    site.folder("extra");
    Path key = TestKeys.make(site.root, "own");
    Path trusted = site.root.resolve("own.pub");
    FullMapping.of(
            site,
            OutputConfig.class,
            DaemonConfig::output,
            "output_dir: disks",
            "allowed_output_roots: [extra]",
            "signing_key: own.pem",
            "signing_builder_id: urn:example:kvm01",
            "verify_keys: [own.pub]")
        .isEqualTo(
            new OutputConfig(
                site.root.resolve("disks"),
                List.of(site.root.resolve("extra")),
                new SigningConfig(Optional.of(key), "urn:example:kvm01", List.of(trusted))));
  }

  @Test
  void aKeyThatCannotSignIsAProblemOfTheConfiguration() throws Exception {
    var site = new Site(root);
    TestKeys.make(site.root, "own");
    TestKeys.make(site.root, "rsa", "RSA");
    Path open = TestKeys.make(site.root, "open");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));

    assertThat(problem(site, "none.pem"))
        .contains("signing_key: found none.pem: there is no such file", "openssl genpkey");
    assertThat(problem(site, "own.pub")).contains("own.pub: it is a public key", "verify_keys");
    assertThat(problem(site, "rsa.pem")).contains("rsa.pem: it is an RSA key");
    assertThat(problem(site, "open.pem"))
        .contains("open.pem: its mode rw-r--r-- lets others read or write it", "chmod 0600");
  }

  private static String problem(Site site, String key) throws Exception {
    return site.fileWith("signing_key: " + key).problems().get(0);
  }

  @Test
  void aKeyToVerifyWithThatIsNoneIsAProblemOfTheConfiguration() throws Exception {
    var site = new Site(root);
    TestKeys.make(site.root, "own");

    assertThat(site.fileWith("verify_keys: [own.pub, own.pem]").problems())
        .singleElement()
        .asString()
        .contains("verify_keys: found own.pem: it holds a private key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"kvm01", "'a b'", "//kvm01/x", "''"})
  void whatIsNoUriIsNoBuilder(String id) throws Exception {
    var site = new Site(root);

    assertThat(site.fileWith("signing_builder_id: " + id).problems())
        .singleElement()
        .asString()
        .contains("signing_builder_id", "a URI, such as");
  }

  @Test
  void outputDirIsTheFirstRoot() {
    var output = new OutputConfig(Path.of("/out"), List.of(Path.of("/srv")));
    assertThat(output.roots()).containsExactly(Path.of("/out"), Path.of("/srv"));
  }
}
