package io.hyper2kvm.signature;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;

/** A public key by which signatures are trusted. */
public final class TrustedKey {

  /** More of them in one file are refused. */
  private static final int MOST = 100;

  private static final String MAKE =
      "take the public key of the signing key: openssl pkey -in SIGNING_KEY -pubout -out FILE";

  private final Path file;
  private final KeyAlgorithm algorithm;
  private final PublicKey key;
  private final String id;

  TrustedKey(Path file, KeyAlgorithm algorithm, PublicKey key) {
    this.file = file;
    this.algorithm = algorithm;
    this.key = key;
    this.id = Sha256Hex.of(key.getEncoded());
  }

  /**
   * Reads the public keys of a file: SubjectPublicKeyInfo in PEM, Ed25519 or ECDSA on P-256.
   *
   * @return at least one
   * @throws KeyRefusedException when there is none, or something else
   */
  public static List<TrustedKey> read(Path file) throws KeyRefusedException {
    PemFile.look(file, MAKE);
    List<PemFile.Block> blocks = PemFile.read(file, MAKE).blocks();
    if (blocks.size() > MOST) {
      throw KeyRefusedException.because(
          "it holds %d keys; at most %d are read".formatted(blocks.size(), MOST), "split it");
    }
    List<TrustedKey> keys = new ArrayList<>();
    for (PemFile.Block block : blocks) {
      keys.add(of(file, block));
    }
    return keys;
  }

  private static TrustedKey of(Path file, PemFile.Block block) throws KeyRefusedException {
    if (block.label().endsWith("PRIVATE KEY")) {
      throw KeyRefusedException.because(
          "it holds a private key, which only who signs may have", MAKE);
    }
    if (!block.label().equals("PUBLIC KEY")) {
      throw KeyRefusedException.because(
          "it holds no public key (-----BEGIN PUBLIC KEY-----)", MAKE);
    }
    X509EncodedKeySpec spec = new X509EncodedKeySpec(block.content());
    for (KeyAlgorithm algorithm : KeyAlgorithm.values()) {
      try {
        PublicKey key = algorithm.factory().generatePublic(spec);
        if (algorithm.fits(key)) {
          return new TrustedKey(file, algorithm, key);
        }
      } catch (GeneralSecurityException e) {
        continue; // Of another kind.
      }
    }
    throw KeyRefusedException.because(
        "it holds a key that is neither Ed25519 nor ECDSA P-256", MAKE);
  }

  /** Where it was read. */
  public Path file() {
    return file;
  }

  /**
   * What envelopes call it: the SHA-256 of its SubjectPublicKeyInfo in DER, in lower-case
   * hexadecimal digits. A hint, no more: anybody can write it.
   */
  public String id() {
    return id;
  }

  /** Whether the signature of a message is by this key. */
  boolean verifies(byte[] message, byte[] signature) {
    return algorithm.verifies(key, message, signature);
  }
}
