package io.hyper2kvm.guest.initramfs.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/** The file's bytes with their position and a look ahead, so that each decoder stops exactly. */
public final class SegmentSource extends InputStream {

  private final InputStream in;
  private final byte[] buffer = new byte[64 << 10];
  private int next;
  private int limit;
  private long position;
  private IOException failure;

  public SegmentSource(InputStream in) {
    this.in = Objects.requireNonNull(in, "in");
  }

  /**
   * What reading the file itself ended with; empty unless the file, not its format, is at fault.
   */
  Optional<IOException> failure() {
    return Optional.ofNullable(failure);
  }

  /** Bytes taken so far. */
  long position() {
    return position;
  }

  /** The next bytes without taking them; fewer than asked for at the end of the file. */
  byte[] peek(int count) throws IOException {
    fill(count);
    return Arrays.copyOfRange(buffer, next, next + Math.min(count, limit - next));
  }

  @Override
  public int read() throws IOException {
    if (next == limit) {
      fill(1);
      if (next == limit) {
        return -1;
      }
    }
    position++;
    return buffer[next++] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    fill(1);
    int count = Math.min(length, limit - next);
    if (count == 0) {
      return -1;
    }
    System.arraycopy(buffer, next, target, offset, count);
    next += count;
    position += count;
    return count;
  }

  private void fill(int count) throws IOException {
    if (limit - next >= count) {
      return;
    }
    System.arraycopy(buffer, next, buffer, 0, limit - next);
    limit -= next;
    next = 0;
    while (limit < count) {
      int read = readFile();
      if (read < 0) {
        return;
      }
      limit += read;
    }
  }

  private int readFile() throws IOException {
    try {
      return in.read(buffer, limit, buffer.length - limit);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }
}
