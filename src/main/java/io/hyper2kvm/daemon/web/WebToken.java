package io.hyper2kvm.daemon.web;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.Set;

/** The token that allows changes. Only its hash is kept. */
final class WebToken {

  private static final int SHORTEST = 16;
  private static final int LONGEST = 1024;
  private static final String SCHEME = "Bearer ";
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final byte[] hash;

  private WebToken(byte[] hash) {
    this.hash = hash;
  }

  /**
   * Reads the token: the file's first line.
   *
   * @throws IOException when it cannot be used; the message says why, without any part of it
   */
  static WebToken read(Path file) throws IOException {
    try {
      // A FIFO or a device would block for good, so look before opening.
      PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
      if (!attributes.isRegularFile()) {
        throw refused(file, "it is no regular file");
      }
      if (attributes.permissions().stream().anyMatch(OTHERS::contains)) {
        throw refused(
            file,
            "its mode %s lets others read or write it; chmod 0600 (or 0640 for the daemon's group)"
                .formatted(PosixFilePermissions.toString(attributes.permissions())));
      }
      return new WebToken(hash(text(file)));
    } catch (NoSuchFileException e) {
      throw refused(file, "there is no such file");
    }
  }

  private static String text(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      String text = new String(in.readNBytes(LONGEST + 1), StandardCharsets.UTF_8).stripTrailing();
      if (text.length() < SHORTEST || text.length() > LONGEST) {
        throw refused(file, "its token must have %d to %d characters".formatted(SHORTEST, LONGEST));
      }
      if (!text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
        throw refused(
            file, "its token may have letters, digits and signs of ASCII only, no spaces");
      }
      return text;
    }
  }

  private static IOException refused(Path file, String why) {
    return new IOException("web_token_file %s cannot be used: %s".formatted(file, why));
  }

  /** Whether a header Authorization has the token; the time tells nothing of it. */
  boolean isIn(String header) {
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    return MessageDigest.isEqual(hash, hash(header.substring(SCHEME.length()).strip()));
  }

  private static byte[] hash(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
