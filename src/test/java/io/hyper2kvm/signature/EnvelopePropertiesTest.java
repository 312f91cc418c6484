package io.hyper2kvm.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Nothing of what is signed can be changed, and no bytes end in anything but a refusal. */
@Tag("property")
class EnvelopePropertiesTest {

  private static final SigningKey ED25519 = key("Ed25519");
  private static final SigningKey P256 = key("EC:secp256r1");

  private static SigningKey key(String algorithm) {
    try {
      Path folder = Files.createTempDirectory("keys");
      SigningKey key = SigningKey.read(TestKeys.make(folder, "k", algorithm));
      Files.delete(folder.resolve("k.pem"));
      Files.delete(folder.resolve("k.pub"));
      Files.delete(folder);
      return key;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] flipped(byte[] content, int at, int bit) {
    byte[] other = content.clone();
    other[Math.floorMod(at, other.length)] ^= (byte) (1 << bit);
    return other;
  }

  @Property
  void aChangedPayloadIsNotSigned(
      @ForAll @Size(min = 1, max = 300) byte[] payload,
      @ForAll int at,
      @ForAll @IntRange(max = 7) int bit,
      @ForAll boolean elliptic) {
    SigningKey key = elliptic ? P256 : ED25519;
    Envelope signed = Envelope.sign(payload, key);
    Envelope changed =
        new Envelope(signed.payloadType(), flipped(payload, at, bit), signed.signatures());

    assertThat(signed.signer(List.of(key.own()))).isPresent();
    assertThat(changed.signer(List.of(key.own()))).isEmpty();
  }

  @Property
  void aChangedSignatureIsNone(
      @ForAll @Size(max = 300) byte[] payload,
      @ForAll int at,
      @ForAll @IntRange(max = 7) int bit,
      @ForAll boolean elliptic) {
    SigningKey key = elliptic ? P256 : ED25519;
    Envelope signed = Envelope.sign(payload, key);
    byte[] changed = flipped(signed.signatures().get(0).bytes(), at, bit);
    Envelope forged =
        new Envelope(
            signed.payloadType(),
            payload,
            List.of(new Envelope.Signature(Optional.empty(), changed)));

    assertThat(forged.signer(List.of(key.own()))).isEmpty();
  }

  @Property
  void aTypeAndAPayloadCannotBorrowFromEachOther(
      @ForAll @Size(max = 40) byte[] payload, @ForAll @IntRange(min = 1, max = 27) int cut) {
    Envelope signed = Envelope.sign(payload, ED25519);
    String type = Envelope.IN_TOTO.substring(0, Envelope.IN_TOTO.length() - cut);
    byte[] rest =
        Envelope.IN_TOTO
            .substring(Envelope.IN_TOTO.length() - cut)
            .getBytes(StandardCharsets.US_ASCII);
    byte[] longer = Arrays.copyOf(rest, rest.length + payload.length);
    System.arraycopy(payload, 0, longer, rest.length, payload.length);

    assertThat(new Envelope(type, longer, signed.signatures()).signer(List.of(ED25519.own())))
        .isEmpty();
  }

  @Property
  void aChangedByteOfTheFileIsSeenOrMeansTheSame(
      @ForAll @Size(max = 100) byte[] payload, @ForAll int at, @ForAll @IntRange(max = 7) int bit)
      throws IOException {
    byte[] json = Envelope.sign(payload, ED25519).json();
    Optional<byte[]> believed;
    try {
      Envelope read = Envelope.parse(flipped(json, at, bit));
      believed = read.signer(List.of(ED25519.own())).map(key -> read.payload());
    } catch (MalformedException e) {
      believed = Optional.empty();
    }

    // The keyid, and the names of keys that nobody reads, are not signed.
    assertThat(believed.map(bytes -> Arrays.equals(bytes, payload)))
        .isNotEqualTo(Optional.of(false));
  }

  @Property
  void anyBytesAreABundleOrProblems(@ForAll @Size(max = 2000) byte[] content) {
    AttestationFile read = AttestationFile.parse(content);

    assertThat(read.envelopes().size() + read.problems().size()).isLessThanOrEqualTo(101);
  }
}
