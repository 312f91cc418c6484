package io.hyper2kvm.signature;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/** Pairs of keys in files, as openssl would have made them. */
public final class TestKeys {

  private TestKeys() {}

  /** A pair; {@code EC:secp384r1} names a curve. */
  static KeyPair pair(String algorithm) {
    try {
      String[] words = algorithm.split(":");
      KeyPairGenerator generator = KeyPairGenerator.getInstance(words[0]);
      if (words.length > 1) {
        generator.initialize(new ECGenParameterSpec(words[1]));
      } else if (words[0].startsWith("RSA") || words[0].equals("DSA")) {
        generator.initialize(2048);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String pem(String label, byte[] content) {
    byte[] newline = {'\n'};
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, Base64.getMimeEncoder(64, newline).encodeToString(content), label);
  }

  /** A file with this mode. */
  static Path write(Path file, String text, String mode) {
    try {
      Files.writeString(file, text, StandardCharsets.US_ASCII);
      return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Makes {@code NAME.pem} and {@code NAME.pub} in a folder.
   *
   * @return the file with the private key
   */
  public static Path make(Path folder, String name) {
    return make(folder, name, "Ed25519");
  }

  /** The same of another kind. */
  public static Path make(Path folder, String name, String algorithm) {
    KeyPair pair = pair(algorithm);
    write(
        folder.resolve(name + ".pub"),
        pem("PUBLIC KEY", pair.getPublic().getEncoded()),
        "rw-r--r--");
    return write(
        folder.resolve(name + ".pem"),
        pem("PRIVATE KEY", pair.getPrivate().getEncoded()),
        "rw-------");
  }

  /** Who signs with a key that is made in the folder. */
  public static Signer signer(Path folder, String name) {
    try {
      return new Signer(SigningKey.read(make(folder, name)), "urn:example:builder");
    } catch (KeyRefusedException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A small program in the place of a tool. */
  public static void makeExecutable(Path file, String script) {
    write(file, script, "rwxr-xr-x");
  }
}
