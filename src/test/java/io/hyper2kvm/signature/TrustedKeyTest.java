package io.hyper2kvm.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which files give keys to trust. */
class TrustedKeyTest {

  @TempDir Path directory;

  private Path file(String text) {
    return TestKeys.write(directory.resolve("keys.pub"), text, "rw-r--r--");
  }

  private static String pem(String algorithm) {
    return TestKeys.pem("PUBLIC KEY", TestKeys.pair(algorithm).getPublic().getEncoded());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Ed25519", "EC:secp256r1"})
  void thePublicKeyOfASigningKeyIsThatKeys(String algorithm) throws IOException {
    SigningKey key = SigningKey.read(TestKeys.make(directory, "k", algorithm));

    assertThat(TrustedKey.read(directory.resolve("k.pub")))
        .singleElement()
        .satisfies(trusted -> assertThat(trusted.id()).isEqualTo(key.id()));
  }

  @Test
  void aFileMayHoldOldAndNewKeys() throws IOException {
    assertThat(TrustedKey.read(file(pem("Ed25519") + pem("EC:secp256r1") + pem("Ed25519"))))
        .hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({"RSA", "EC:secp384r1", "Ed448", "X25519", "DSA"})
  void aKeyOfAnotherKindIsRefused(String algorithm) {
    Path file = file(pem(algorithm));

    assertThatThrownBy(() -> TrustedKey.read(file))
        .hasMessageContaining("neither Ed25519 nor ECDSA P-256");
  }

  @Test
  void oneOfAnotherKindSpoilsTheFile() {
    Path file = file(pem("Ed25519") + pem("RSA"));

    assertThatThrownBy(() -> TrustedKey.read(file)).isInstanceOf(KeyRefusedException.class);
  }

  @Test
  void aPrivateKeyIsNoKeyToVerifyWith() {
    Path file = TestKeys.make(directory, "k");

    assertThatThrownBy(() -> TrustedKey.read(file))
        .hasMessageContaining("it holds a private key, which only who signs may have")
        .hasMessageContaining("openssl pkey -in SIGNING_KEY -pubout");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI root@kvm01"
      })
  void whatIsNoKeyIsRefused(String text) {
    Path file = file(text);

    assertThatThrownBy(() -> TrustedKey.read(file)).isInstanceOf(KeyRefusedException.class);
  }

  @Test
  void tooManyAreRefused() {
    Path file = file(pem("Ed25519").repeat(101));

    assertThatThrownBy(() -> TrustedKey.read(file)).hasMessageContaining("it holds 101 keys");
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    assertThat(Files.exists(directory.resolve("none"))).isFalse();

    assertThatThrownBy(() -> TrustedKey.read(directory.resolve("none")))
        .hasMessageContaining("there is no such file");
  }
}
