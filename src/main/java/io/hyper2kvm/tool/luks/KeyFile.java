package io.hyper2kvm.tool.luks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A file with the key of an encrypted volume. Of a text, one newline at its end does not belong to
 * the key; any other content is the key as it is.
 */
public final class KeyFile {

  /** The largest, in bytes. */
  static final int LARGEST = 64 << 10;

  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final Path path;
  private final byte[] content;

  private KeyFile(Path path, byte[] content) {
    this.path = path;
    this.content = content;
  }

  /**
   * Reads and checks the file.
   *
   * @param path absolute; a link to a regular file is followed
   * @throws IOException when it cannot be used; the message says why, without any part of the key
   */
  static KeyFile read(Path path) throws IOException {
    try {
      // A FIFO or a device would block for good, so look before opening.
      PosixFileAttributes attributes = Files.readAttributes(path, PosixFileAttributes.class);
      if (!attributes.isRegularFile()) {
        throw new IOException("it is no regular file");
      }
      if (attributes.permissions().stream().anyMatch(OTHERS::contains)) {
        throw new IOException(
            "its mode %s lets others read or write it; chmod 0600 (or 0640 for the daemon's group)"
                .formatted(PosixFilePermissions.toString(attributes.permissions())));
      }
      byte[] content = content(path);
      if (content.length == 0) {
        throw new IOException("it is empty");
      }
      if (content.length > LARGEST) {
        throw new IOException("it has more than %d bytes".formatted(LARGEST));
      }
      return new KeyFile(path, content);
    } catch (NoSuchFileException e) {
      throw new IOException("there is no such file", e);
    }
  }

  private static byte[] content(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(LARGEST + 1);
    }
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** All bytes of the file. */
  public byte[] content() {
    return content.clone();
  }

  /**
   * How many bytes of the file are the key, in the order in which they are tried: of a text that
   * ends with a newline first without it, then the whole, since a program that took the file as it
   * is took the newline, too.
   */
  public List<Integer> lengths() {
    int text = textLength();
    return text == content.length ? List.of(text) : List.of(text, content.length);
  }

  private int textLength() {
    int end = content.length;
    if (content[end - 1] != '\n') {
      return end;
    }
    int text = end > 1 && content[end - 2] == '\r' ? end - 2 : end - 1;
    return text > 0 && isText(text) ? text : end;
  }

  private boolean isText(int length) {
    for (int i = 0; i < length; i++) {
      if (content[i] >= 0 && content[i] < ' ' && content[i] != '\t' || content[i] == 0x7f) {
        return false;
      }
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content, 0, length));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
