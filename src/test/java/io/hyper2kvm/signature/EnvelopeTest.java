package io.hyper2kvm.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DSSE as its specification says, with its test vectors, and envelopes that somebody forged. */
class EnvelopeTest {

  private static final String STATEMENT =
      "eyJfdHlwZSI6Imh0dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjEifQ==";

  /** The Ed25519 keys of RFC 8032, section 7.1, tests 1 and 2. */
  private static final String KEY_A =
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

  private static final String KEY_B =
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";

  private static final String SIG_A =
      "2WAfaHm5jluo0w+0rk8uVkluELJYWjSmU9x7EUzx+AyteDGJ4/nqyJXfmAUVFIAoQafWm7AxBZNw5M9ixNHiCA==";
  private static final String SIG_B =
      "c1+67/aT0yqEpwx8PsVY3MLHsj9D0CZ014/Fv/QlG59P+9CobUZ7xECJ/V3USG0Ob9CiE5LjReEZUzNF2l7eBw==";

  @TempDir Path directory;

  private TrustedKey ed25519(String hex) throws IOException {
    byte[] spki = HexFormat.of().parseHex("302a300506032b6570032100" + hex);
    Path file =
        TestKeys.write(
            directory.resolve(hex.substring(0, 8)), TestKeys.pem("PUBLIC KEY", spki), "rw-r--r--");
    return TrustedKey.read(file).get(0);
  }

  private static String json(String type, String payload, String... signatures) {
    StringBuilder all = new StringBuilder();
    for (String signature : signatures) {
      all.append(all.isEmpty() ? "" : ",").append("{\"sig\":\"%s\"}".formatted(signature));
    }
    return "{\"payload\":\"%s\",\"payloadType\":\"%s\",\"signatures\":[%s]}"
        .formatted(payload, type, all);
  }

  private static Envelope parse(String json) throws MalformedException {
    return Envelope.parse(json.getBytes(UTF_8));
  }

  @Test
  void theEncodingIsThatOfTheSpecification() {
    assertThat(
            new String(
                Envelope.encoded("http://example.com/HelloWorld", "hello world".getBytes(UTF_8)),
                UTF_8))
        .isEqualTo("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  }

  @Test
  void lengthsAreInBytes() {
    assertThat(new String(Envelope.encoded("é", "ß€".getBytes(UTF_8)), UTF_8))
        .isEqualTo("DSSEv1 2 é 5 ß€");
  }

  /** ECDSA on P-256 with r and s as they are: the specification's own example. */
  @Test
  void theSpecificationsExampleIsSignedByItsKey() throws Exception {
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec("secp256r1"));
    ECPoint point =
        new ECPoint(
            new BigInteger(
                "46950820868899156662930047687818585632848591499744589407958293238635476079160"),
            new BigInteger(
                "5640078356564379163099075877009565129882514886557779369047442380624545832820"));
    byte[] spki =
        KeyFactory.getInstance("EC")
            .generatePublic(
                new ECPublicKeySpec(point, parameters.getParameterSpec(ECParameterSpec.class)))
            .getEncoded();
    Path file =
        TestKeys.write(directory.resolve("ec.pub"), TestKeys.pem("PUBLIC KEY", spki), "rw-r--r--");
    Envelope envelope =
        parse(
            json(
                "http://example.com/HelloWorld",
                "aGVsbG8gd29ybGQ=",
                "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA=="));

    assertThat(envelope.signer(TrustedKey.read(file))).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    // type, payload, signature, signed by A
    "application/vnd.in-toto+json, " + STATEMENT + ", " + SIG_A + ", true",
    "application/vnd.in-toto+json, -_-_Pj8=, "
        + "P-_KHICeR7tI6S_YyejJTRtrXhcQyQ2LYPaL8h90KjC9qN8HU_svOQ6TuDOT1HIrsGW886DbWNWcCmX5twLrAw==,"
        + " true",
    "application/vnd.example.other+json, " + STATEMENT + ", " + SIG_A + ", false",
    "application/vnd.exämple+json, "
        + STATEMENT
        + ", xmSk/ug66ysT7ayhkCIjhAq42zgZXSsEWuzUaNL7w2eGAdF/NU6/fRXPtmfN+5DNSAs5/i2lUnHjbbjPsu0tAw==,"
        + " true",
    "application/vnd.in-toto+json, '', "
        + "gSggCAaTLTYyRH6FIDBem6meyIynsYy8RTHVzwx9tnTb7Bg/1jMWnuVgI/gffqmbsC2VX5/jHfkkDqsj7CDbDg==,"
        + " true",
    "application/vnd.in-toto+json, " + STATEMENT + ", " + SIG_B + ", false"
  })
  void vectorsOfTheSpecification(String type, String payload, String signature, boolean signed)
      throws IOException {
    assertThat(parse(json(type, payload, signature)).signer(List.of(ed25519(KEY_A))).isPresent())
        .isEqualTo(signed);
  }

  @Test
  void ofSeveralSignaturesOneByATrustedKeyIsEnough() throws IOException {
    Envelope both = parse(json(Envelope.IN_TOTO, STATEMENT, SIG_A, SIG_B));

    assertThat(both.signer(List.of(ed25519(KEY_B))).orElseThrow().id())
        .isEqualTo(ed25519(KEY_B).id());
    assertThat(both.signer(List.of())).isEmpty();
  }

  @Test
  void aKeyIdIsNotBelieved() throws IOException {
    TrustedKey a = ed25519(KEY_A);
    String forged =
        "{\"payload\":\"%s\",\"payloadType\":\"%s\",\"signatures\":[{\"keyid\":\"%s\",\"sig\":\"%s\"}]}"
            .formatted(STATEMENT, Envelope.IN_TOTO, a.id(), SIG_B);

    assertThat(parse(forged).signer(List.of(a))).isEmpty();
    assertThat(parse(forged.replace(SIG_B, SIG_A).replace(a.id(), "another")).signer(List.of(a)))
        .isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Ed25519", "EC:secp256r1"})
  void whatIsSignedHereIsVerifiedAfterItWasWrittenAndRead(String algorithm) throws IOException {
    SigningKey key = SigningKey.read(TestKeys.make(directory, "k", algorithm));
    byte[] statement = "{\"a\":\"ü\"}".getBytes(UTF_8);

    Envelope read = Envelope.parse(Envelope.sign(statement, key).json());

    assertThat(read.signer(TrustedKey.read(directory.resolve("k.pub")))).isPresent();
    assertThat(read.payload()).isEqualTo(statement);
    assertThat(read.signatures().get(0).keyId()).hasValue(key.id());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8, 63, 64, 65, 70, 72, 4096})
  void aSignatureOfZerosIsNone(int length) throws IOException {
    SigningKey ec = SigningKey.read(TestKeys.make(directory, "e", "EC:secp256r1"));
    SigningKey ed = SigningKey.read(TestKeys.make(directory, "d"));
    String zeros = Base64.getEncoder().encodeToString(new byte[length]);

    assertThat(parse(json(Envelope.IN_TOTO, STATEMENT, zeros)).signer(List.of(ec.own(), ed.own())))
        .isEmpty();
  }

  @Test
  void aSignatureOfTheNumberZeroIsNone() throws IOException {
    SigningKey ec = SigningKey.read(TestKeys.make(directory, "e", "EC:secp256r1"));
    String der = Base64.getEncoder().encodeToString(HexFormat.of().parseHex("3006020100020100"));

    assertThat(parse(json(Envelope.IN_TOTO, STATEMENT, der)).signer(List.of(ec.own()))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "7",
        "null",
        "{",
        "{}",
        "{\"payloadType\":\"t\",\"payload\":\"\"}",
        "{\"payloadType\":\"t\",\"payload\":\"\",\"signatures\":[]}",
        "{\"payloadType\":\"t\",\"payload\":\"\",\"signatures\":{}}",
        "{\"payloadType\":\"t\",\"payload\":\"\",\"signatures\":[7]}",
        "{\"payloadType\":\"t\",\"payload\":\"\",\"signatures\":[{}]}",
        "{\"payloadType\":7,\"payload\":\"\",\"signatures\":[{\"sig\":\"AAAA\"}]}",
        "{\"payload\":\"\",\"signatures\":[{\"sig\":\"AAAA\"}]}",
        "{\"payloadType\":\"t\",\"signatures\":[{\"sig\":\"AAAA\"}]}",
        "{\"payloadType\":\"t\",\"payload\":7,\"signatures\":[{\"sig\":\"AAAA\"}]}",
        "{\"payloadType\":\"t\",\"payload\":\"A\",\"signatures\":[{\"sig\":\"AAAA\"}]}",
        "{\"payloadType\":\"t\",\"payload\":\"AA=\",\"signatures\":[{\"sig\":\"AAAA\"}]}",
        "{\"payloadType\":\"t\",\"payload\":\"AB==\",\"signatures\":[{\"sig\":\"AAAA\"}]}",
        "{\"payloadType\":\"t\",\"payload\":\"A A=\",\"signatures\":[{\"sig\":\"AAAA\"}]}",
        "{\"payloadType\":\"t\",\"payload\":\"+_AA\",\"signatures\":[{\"sig\":\"AAAA\"}]}",
        "{\"payloadType\":\"t\",\"payload\":\"\",\"signatures\":[{\"sig\":\"????\"}]}",
        "{\"payloadType\":\"t\",\"payload\":\"\",\"signatures\":[{\"keyid\":7,\"sig\":\"AAAA\"}]}",
        "{\"payloadType\":\"t\",\"payloadType\":\"t\",\"payload\":\"\",\"signatures\":[{\"sig\":\"AAAA\"}]}",
        "{\"payloadType\":\"t\",\"payload\":\"\",\"signatures\":[{\"sig\":\"AAAA\"}]} {}"
      })
  void whatIsNoEnvelopeIsRefused(String json) {
    assertThatThrownBy(() -> parse(json)).isInstanceOf(MalformedException.class);
  }

  @Test
  void deepJsonIsRefused() {
    assertThatThrownBy(() -> parse("{\"a\":" + "[".repeat(100_000)))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void noUtf8IsRefused() {
    byte[] content =
        "{\"payloadType\":\"é\"}".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

    assertThatThrownBy(() -> Envelope.parse(content)).hasMessage("it is no UTF-8");
  }

  @Test
  void tooManySignaturesAreRefused() {
    String[] many = new String[17];
    java.util.Arrays.fill(many, SIG_A);

    assertThatThrownBy(() -> parse(json(Envelope.IN_TOTO, STATEMENT, many)))
        .hasMessageContaining("17 signatures");
  }

  @ParameterizedTest
  @ValueSource(strings = {"AA==", "AA", "-_-_Pj8=", "-_-_Pj8", "+/+/Pj8=", "+/+/Pj8", ""})
  void bothAlphabetsAreReadWithPaddingAndWithout(String payload) throws IOException {
    assertThat(parse(json("t", payload, SIG_A)).payloadType()).isEqualTo("t");
  }

  @Test
  void otherKeysOfAnEnvelopeArePassedOver() throws IOException {
    String more =
        json(Envelope.IN_TOTO, STATEMENT, SIG_A).replace("{\"payload\"", "{\"x\":[1],\"payload\"");

    assertThat(parse(more).signer(List.of(ed25519(KEY_A)))).isPresent();
  }
}
