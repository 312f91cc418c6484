package io.hyper2kvm.signature;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import java.util.Set;

/** The private key that statements are signed with. No text of it holds any of the key. */
public final class SigningKey {

  private static final String PKCS8 = "PRIVATE KEY";
  private static final String MAKE =
      "make one: openssl genpkey -algorithm ed25519 -out FILE (mode 0600)";
  private static final String CONVERT = "openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW";

  private final KeyAlgorithm algorithm;
  private final PrivateKey key;
  private final TrustedKey own;

  private SigningKey(KeyAlgorithm algorithm, PrivateKey key, TrustedKey own) {
    this.algorithm = algorithm;
    this.key = key;
    this.own = own;
  }

  /**
   * Reads a key: PKCS#8 in PEM, not encrypted, Ed25519 or ECDSA on P-256, that nobody else may
   * read.
   *
   * @param file absolute; a link to a regular file is followed
   * @throws KeyRefusedException when it cannot be used
   */
  public static SigningKey read(Path file) throws KeyRefusedException {
    PosixFileAttributes attributes = PemFile.look(file, MAKE);
    List<PemFile.Block> blocks = PemFile.read(file, MAKE).blocks();
    for (PemFile.Block block : blocks) {
      requireForm(block.label());
    }
    requireSecret(file, attributes);
    if (blocks.size() > 1) {
      throw KeyRefusedException.because(
          "it holds %d keys".formatted(blocks.size()), "leave one in it");
    }
    try {
      return of(file, blocks.get(0).content());
    } catch (GeneralSecurityException e) {
      // Not the cause: a provider may quote what it could not read.
      throw KeyRefusedException.because("it is not a sound key", MAKE);
    }
  }

  /** systemd's credentials are root's group's to read, by the mask of an access list. */
  private static void requireSecret(Path file, PosixFileAttributes attributes)
      throws KeyRefusedException {
    Set<PosixFilePermission> mode = attributes.permissions();
    boolean others =
        mode.contains(PosixFilePermission.OTHERS_READ)
            || mode.contains(PosixFilePermission.OTHERS_WRITE)
            || mode.contains(PosixFilePermission.GROUP_WRITE);
    if (others || mode.contains(PosixFilePermission.GROUP_READ) && !isOfRootsGroup(file)) {
      throw KeyRefusedException.because(
          "its mode %s lets others read or write it".formatted(PosixFilePermissions.toString(mode)),
          "chmod 0600, owned by the user that the program runs as; if others could read it until"
              + " now, make another key");
    }
  }

  private static boolean isOfRootsGroup(Path file) throws KeyRefusedException {
    try {
      return ((Number) Files.getAttribute(file, "unix:gid")).longValue() == 0;
    } catch (IOException e) {
      throw KeyRefusedException.causedBy("its group is not known", "look at its file system", e);
    }
  }

  private static void requireForm(String label) throws KeyRefusedException {
    switch (label) {
      case PKCS8 -> {
        return;
      }
      case "ENCRYPTED PRIVATE KEY",
          "ENCRYPTED COSIGN PRIVATE KEY",
          "ENCRYPTED SIGSTORE PRIVATE KEY" ->
          throw KeyRefusedException.because(
              "it is encrypted, and nobody types a passphrase into a daemon",
              "decrypt it into a file of mode 0600 (openssl pkcs8 -in OLD -out NEW), or keep it"
                  + " encrypted by systemd (LoadCredentialEncrypted=)");
      case "PUBLIC KEY" ->
          throw KeyRefusedException.because(
              "it is a public key", "name the private one here; verify_keys takes public ones");
      case "EC PRIVATE KEY", "EC PARAMETERS" ->
          throw KeyRefusedException.because(
              "it is a key in an older form than PKCS#8", "convert it: " + CONVERT);
      case "RSA PRIVATE KEY", "DSA PRIVATE KEY" ->
          throw KeyRefusedException.because(
              "it is an %s key; Ed25519 and ECDSA P-256 are used".formatted(label.substring(0, 3)),
              MAKE);
      default ->
          throw KeyRefusedException.because(
              "it holds no private key in PKCS#8 (-----BEGIN PRIVATE KEY-----)", MAKE);
    }
  }

  private static SigningKey of(Path file, byte[] pkcs8)
      throws GeneralSecurityException, KeyRefusedException {
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(pkcs8);
    for (KeyAlgorithm algorithm : KeyAlgorithm.values()) {
      PrivateKey key;
      try {
        key = algorithm.factory().generatePrivate(spec);
      } catch (GeneralSecurityException e) {
        continue; // Of another kind.
      }
      if (!algorithm.fits(key)) {
        throw KeyRefusedException.because(
            "it is a key on another curve than P-256; Ed25519 and ECDSA P-256 are used", MAKE);
      }
      TrustedKey own = new TrustedKey(file, algorithm, algorithm.publicOf(key));
      return new SigningKey(algorithm, key, own);
    }
    for (String other : List.of("RSA", "DSA", "Ed448", "X25519", "X448", "RSASSA-PSS")) {
      if (isOf(other, spec)) {
        throw KeyRefusedException.because(
            "it is an %s key; Ed25519 and ECDSA P-256 are used".formatted(other), MAKE);
      }
    }
    throw new GeneralSecurityException("of no known kind");
  }

  private static boolean isOf(String algorithm, PKCS8EncodedKeySpec spec) {
    try {
      KeyFactory.getInstance(algorithm).generatePrivate(spec);
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** The public key that belongs to it, as if it had been read from the same file. */
  public TrustedKey own() {
    return own;
  }

  /** Its kind, as people write it. */
  public String algorithm() {
    return algorithm.text();
  }

  /** The SHA-256 of its public key, see {@link TrustedKey#id}. */
  public String id() {
    return own.id();
  }

  /** The signature of a message. */
  byte[] sign(byte[] message) {
    try {
      byte[] signed = algorithm.sign(key, message);
      if (!own.verifies(message, signed)) {
        throw new IllegalStateException("Java has made a signature that is none");
      }
      return signed;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Java does not sign any more", e);
    }
  }
}
