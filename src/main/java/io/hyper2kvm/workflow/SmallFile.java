package io.hyper2kvm.workflow;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reads files that somebody else may have put there: regular ones only, and never all of them. */
public final class SmallFile {

  private SmallFile() {}

  /**
   * Opens a file for reading up to a limit; what lies behind it is not read.
   *
   * @param most how many bytes are read, at most
   * @throws IOException also when it is a link, a pipe or anything else but a regular file
   */
  public static InputStream open(Path file, int most) throws IOException {
    try (InputStream in = regular(file)) {
      return new ByteArrayInputStream(in.readNBytes(most));
    }
  }

  /**
   * The same for a larger file, which is read as the stream is and never as a whole.
   *
   * @param most how many bytes are read, at most
   * @throws IOException also when it is a link, a pipe or anything else but a regular file
   */
  public static InputStream stream(Path file, int most) throws IOException {
    return new FilterInputStream(regular(file)) {
      private int left = most;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] to, int at, int length) throws IOException {
        if (left == 0 && length > 0) {
          return -1;
        }
        int read = in.read(to, at, Math.min(length, left));
        left -= Math.max(0, read);
        return read;
      }

      @Override
      public boolean markSupported() {
        return false;
      }
    };
  }

  private static InputStream regular(Path file) throws IOException {
    // Opening a pipe would wait for its writer.
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new NoSuchFileException(file.toString());
      }
      throw new IOException("not a regular file: " + file);
    }
    return Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Reads a whole file.
   *
   * @param most a larger one is refused, in bytes
   * @throws IOException also when it is larger, or anything else but a regular file
   */
  public static byte[] read(Path file, int most) throws IOException {
    byte[] content = open(file, most + 1).readAllBytes();
    if (content.length > most) {
      throw new IOException("%s is larger than %d bytes".formatted(file, most));
    }
    return content;
  }
}
