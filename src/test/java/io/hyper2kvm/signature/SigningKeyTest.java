package io.hyper2kvm.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which keys sign, and what is said of those that do not. */
class SigningKeyTest {

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void create() throws IOException {
    file = directory.toRealPath().resolve("signing.pem");
  }

  private void assertRefused(String reason, String advice) {
    assertThatThrownBy(() -> SigningKey.read(file))
        .isInstanceOfSatisfying(
            KeyRefusedException.class,
            e -> {
              assertThat(e.reason()).contains(reason);
              assertThat(e.advice()).contains(advice);
            });
  }

  private static String privatePem(String algorithm) {
    return TestKeys.pem("PRIVATE KEY", TestKeys.pair(algorithm).getPrivate().getEncoded());
  }

  @Test
  void aMissingFileIsRefused() {
    assertRefused("there is no such file", "openssl genpkey -algorithm ed25519");
  }

  @Test
  void aFolderIsRefused() throws IOException {
    Files.createDirectory(file);

    assertRefused("no regular file", "openssl genpkey");
  }

  @Test
  @Timeout(20)
  void aPipeIsNotOpened() throws Exception {
    assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();

    assertRefused("no regular file", "openssl genpkey");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r--r--", "rw----r--", "rw--w----", "rw-----w-", "rw-rw-rw-"})
  void aKeyThatOthersCanReadOrReplaceIsRefused(String mode) {
    TestKeys.write(file, privatePem("Ed25519"), mode);

    assertRefused("its mode " + mode + " lets others", "chmod 0600");
  }

  @Test
  void aGroupThatCanReadIsOthersUnlessItIsRoots() throws IOException {
    TestKeys.write(file, privatePem("Ed25519"), "rw-r-----");
    boolean roots = ((Number) Files.getAttribute(file, "unix:gid")).longValue() == 0;

    if (roots) {
      assertThat(SigningKey.read(file).id()).hasSize(64);
    } else {
      assertRefused("lets others", "chmod 0600");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-------", "r--------", "rwx------"})
  void aKeyOfItsOwnerAloneIsTaken(String mode) throws IOException {
    TestKeys.write(file, privatePem("Ed25519"), mode);

    assertThat(SigningKey.read(file).algorithm()).isEqualTo("Ed25519");
  }

  @Test
  void aLinkToAKeyIsFollowed() throws IOException {
    Path real = TestKeys.write(directory.resolve("real.pem"), privatePem("Ed25519"), "rw-------");
    Files.createSymbolicLink(file, real);

    assertThat(SigningKey.read(file).id()).matches("[0-9a-f]{64}");
  }

  @ParameterizedTest
  @CsvSource({
    "ENCRYPTED PRIVATE KEY, it is encrypted, LoadCredentialEncrypted=",
    "ENCRYPTED SIGSTORE PRIVATE KEY, it is encrypted, openssl pkcs8",
    "PUBLIC KEY, it is a public key, verify_keys",
    "EC PRIVATE KEY, older form than PKCS#8, openssl pkcs8 -topk8 -nocrypt",
    "EC PARAMETERS, older form than PKCS#8, openssl pkcs8 -topk8 -nocrypt",
    "RSA PRIVATE KEY, RSA key, openssl genpkey",
    "OPENSSH PRIVATE KEY, no private key in PKCS#8, openssl genpkey",
    "CERTIFICATE, no private key in PKCS#8, openssl genpkey"
  })
  void whatIsNoPlainPrivateKeyIsNamed(String label, String reason, String advice) {
    TestKeys.write(file, TestKeys.pem(label, new byte[48]), "rw-------");

    assertRefused(reason, advice);
  }

  @ParameterizedTest
  @CsvSource({
    "RSA, an RSA key",
    "DSA, an DSA key",
    "EC:secp384r1, another curve than P-256",
    "EC:secp521r1, another curve than P-256",
    "Ed448, an Ed448 key",
    "X25519, an X25519 key"
  })
  void aKeyOfAnotherKindIsNamed(String algorithm, String reason) {
    TestKeys.write(file, privatePem(algorithm), "rw-------");

    assertRefused(reason, "openssl genpkey -algorithm ed25519");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no PEM at all",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2Vw\n",
        "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        "-----BEGIN -----\nAAAA\n-----END -----\n"
      })
  void whatIsNoKeyIsRefused(String text) {
    TestKeys.write(file, text, "rw-------");

    assertThatThrownBy(() -> SigningKey.read(file)).isInstanceOf(KeyRefusedException.class);
  }

  @Test
  void aCutOffKeyIsRefused() {
    byte[] whole = TestKeys.pair("Ed25519").getPrivate().getEncoded();
    TestKeys.write(
        file, TestKeys.pem("PRIVATE KEY", Arrays.copyOf(whole, whole.length - 3)), "rw-------");

    assertThatThrownBy(() -> SigningKey.read(file)).isInstanceOf(KeyRefusedException.class);
  }

  @Test
  void aHugeFileIsNotRead() {
    TestKeys.write(file, "x".repeat(PemFile.LARGEST + 1), "rw-------");

    assertRefused("more than 65536 bytes", "openssl genpkey");
  }

  @Test
  void twoKeysAreOneTooMany() {
    TestKeys.write(file, privatePem("Ed25519") + privatePem("Ed25519"), "rw-------");

    assertRefused("it holds 2 keys", "leave one");
  }

  @Test
  void noMessageHoldsAnyOfTheKey() {
    String secret = "MC4CAQAwBQYDK2VwBCIEIA" + "Q".repeat(20) + "#";
    TestKeys.write(
        file,
        "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n".formatted(secret),
        "rw-------");

    assertThatThrownBy(() -> SigningKey.read(file)).hasMessageNotContaining("QQQQ").hasNoCause();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Ed25519", "EC:secp256r1"})
  void thePublicKeyIsFoundFromThePrivateOne(String algorithm) throws IOException {
    for (int i = 0; i < 20; i++) {
      KeyPair pair = TestKeys.pair(algorithm);
      TestKeys.write(
          file, TestKeys.pem("PRIVATE KEY", pair.getPrivate().getEncoded()), "rw-------");

      assertThat(SigningKey.read(file).id()).isEqualTo(Sha256Hex.of(pair.getPublic().getEncoded()));
    }
  }

  @Test
  void aKnownKeyHasItsKnownPublicKey() throws IOException {
    // RFC 8032, section 7.1, test 1.
    byte[] seed =
        java.util.HexFormat.of()
            .parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    byte[] pkcs8 = java.util.HexFormat.of().parseHex("302e020100300506032b657004220420");
    byte[] whole = Arrays.copyOf(pkcs8, 48);
    System.arraycopy(seed, 0, whole, 16, 32);
    TestKeys.write(file, TestKeys.pem("PRIVATE KEY", whole), "rw-------");

    SigningKey key = SigningKey.read(file);

    byte[] spki =
        java.util.HexFormat.of()
            .parseHex(
                "302a300506032b6570032100"
                    + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    assertThat(key.id()).isEqualTo(Sha256Hex.of(spki));
  }

  @Test
  void textAroundTheKeyIsPassedOver() throws IOException {
    TestKeys.write(file, "for kvm01\r\n" + privatePem("Ed25519") + "\nend\n", "rw-------");

    assertThat(SigningKey.read(file).id()).hasSize(64);
  }

  @Test
  void itsTextsHoldNothingOfIt() throws IOException {
    KeyPair pair = TestKeys.pair("Ed25519");
    TestKeys.write(file, TestKeys.pem("PRIVATE KEY", pair.getPrivate().getEncoded()), "rw-------");
    SigningKey key = SigningKey.read(file);
    String body = Files.readString(file, StandardCharsets.US_ASCII).lines().toList().get(1);

    assertThat(List.of(key.toString(), new Signer(key, "urn:x").toString()))
        .noneMatch(text -> text.contains(body.substring(20, 40)));
  }
}
