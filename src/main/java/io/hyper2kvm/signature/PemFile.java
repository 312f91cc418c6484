package io.hyper2kvm.signature;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The blocks of a PEM file (RFC 7468). Text around them is passed over, as other programs do.
 *
 * @param blocks in their order; at least one
 */
record PemFile(List<Block> blocks) {

  /** The largest file that is read, in bytes; a key has some hundred. */
  static final int LARGEST = 64 << 10;

  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";

  /**
   * One block.
   *
   * @param label such as {@code PRIVATE KEY}
   * @param content what it holds, in DER
   */
  record Block(String label, byte[] content) {}

  PemFile {
    blocks = List.copyOf(blocks);
  }

  /**
   * Looks at a key file before it is opened: a pipe or a device would block for good.
   *
   * @param advice what to do where there is no such file
   */
  static PosixFileAttributes look(Path file, String advice) throws KeyRefusedException {
    try {
      PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
      if (!attributes.isRegularFile()) {
        throw KeyRefusedException.because("it is no regular file", advice);
      }
      return attributes;
    } catch (NoSuchFileException e) {
      throw KeyRefusedException.causedBy("there is no such file", advice, e);
    } catch (KeyRefusedException e) {
      throw e;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * Reads a file that {@link #look} has seen.
   *
   * @param advice what to do where it is no PEM file
   */
  static PemFile read(Path file, String advice) throws KeyRefusedException {
    byte[] content;
    try (InputStream in = Files.newInputStream(file)) {
      content = in.readNBytes(LARGEST + 1);
    } catch (IOException e) {
      throw unreadable(e);
    }
    if (content.length > LARGEST) {
      throw KeyRefusedException.because("it has more than %d bytes".formatted(LARGEST), advice);
    }
    List<Block> blocks = blocks(new String(content, StandardCharsets.ISO_8859_1), advice);
    if (blocks.isEmpty()) {
      throw KeyRefusedException.because("it holds no PEM block (-----BEGIN ...)", advice);
    }
    return new PemFile(blocks);
  }

  private static KeyRefusedException unreadable(IOException e) {
    return e instanceof AccessDeniedException
        ? KeyRefusedException.causedBy(
            "this user may not read it", "give it to the user that the program runs as", e)
        : KeyRefusedException.causedBy(
            "it cannot be read: " + e.getMessage(), "look at its file system", e);
  }

  private static List<Block> blocks(String text, String advice) throws KeyRefusedException {
    List<Block> blocks = new ArrayList<>();
    String label = null;
    StringBuilder body = new StringBuilder();
    for (String line : text.lines().map(String::strip).toList()) {
      if (label == null) {
        if (line.startsWith(BEGIN) && line.endsWith(DASHES)) {
          label = label(line, BEGIN);
          body.setLength(0);
        }
      } else if (line.startsWith(END)) {
        if (!line.endsWith(DASHES) || !label(line, END).equals(label)) {
          throw KeyRefusedException.because("its PEM block ends in another one's end", advice);
        }
        blocks.add(block(label, body.toString(), advice));
        label = null;
      } else {
        body.append(line);
      }
    }
    if (label != null) {
      throw KeyRefusedException.because("its PEM block has no end: it is cut off", advice);
    }
    return blocks;
  }

  private static String label(String line, String begin) {
    int end = line.length() - DASHES.length();
    return end <= begin.length() ? "" : line.substring(begin.length(), end);
  }

  private static Block block(String label, String body, String advice) throws KeyRefusedException {
    try {
      return new Block(label, Base64.getDecoder().decode(body));
    } catch (IllegalArgumentException e) {
      // Keys of older forms have headers in the block; the label says what to do.
      if (body.contains(":")) {
        return new Block(label, new byte[0]);
      }
      // Not the cause: it may name a character of the key.
      throw KeyRefusedException.because("its PEM block is no base64", advice);
    }
  }
}
