package io.hyper2kvm.stage;

import io.hyper2kvm.image.BlockDevice;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Hashes files. */
public final class Sha256 {

  private Sha256() {}

  /**
   * The file's SHA-256, in lower-case hexadecimal digits.
   *
   * @throws IOException also when the thread is interrupted, so that a large file holds up no stop
   */
  public static String of(Path file) throws IOException {
    MessageDigest digest = digest();
    byte[] buffer = new byte[1 << 20];
    try (InputStream in = Files.newInputStream(file)) {
      int n;
      while ((n = in.read(buffer)) >= 0) {
        digest.update(buffer, 0, n);
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedIOException("interrupted while hashing " + file);
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The same of bytes. */
  static String of(byte[] content) {
    return HexFormat.of().formatHex(digest().digest(content));
  }

  /** The same of a block device's first MiB. */
  static String ofHead(Path device) throws IOException {
    try (InputStream in = Channels.newInputStream(BlockDevice.open(device))) {
      return HexFormat.of().formatHex(digest().digest(in.readNBytes(1 << 20)));
    }
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
