package io.hyper2kvm.guest.initramfs.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/** The file's bytes with their position and a look ahead, so that each decoder stops exactly. */
public final class SegmentSource extends InputStream {

  /** Something that is made from bytes of the source. */
  interface Reading<T> {
    T read() throws IOException;
  }

  private final InputStream in;
  private final byte[] buffer = new byte[64 << 10];
  private int next;
  private int limit;

  /** Where in the buffer the mark is; negative when there is none. */
  private int mark = -1;

  private long position;
  private long lastPosition = Long.MAX_VALUE;
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

  /**
   * Reads something that may be of any length.
   *
   * @param bytes how many it may take
   * @throws IOException if it takes more
   */
  <T> T atMost(int bytes, Reading<T> reading) throws IOException {
    lastPosition = position + bytes;
    try {
      return reading.read();
    } finally {
      lastPosition = Long.MAX_VALUE;
    }
  }

  @Override
  public int read() throws IOException {
    refuseBeyondLast();
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
    refuseBeyondLast();
    fill(1);
    int count = (int) Math.min(Math.min(length, limit - next), lastPosition - position);
    if (count == 0) {
      return -1;
    }
    System.arraycopy(buffer, next, target, offset, count);
    next += count;
    position += count;
    return count;
  }

  private void refuseBeyondLast() throws IOException {
    if (position >= lastPosition) {
      throw new IOException("a header without an end");
    }
  }

  @Override
  public boolean markSupported() {
    return true;
  }

  /**
   * Remembers the position.
   *
   * @param readLimit bytes that may be taken before the reset; at most what the buffer holds
   */
  @Override
  public void mark(int readLimit) {
    if (readLimit > buffer.length) {
      throw new IllegalArgumentException("more than the buffer holds: " + readLimit + " bytes");
    }
    mark = next;
  }

  @Override
  public void reset() throws IOException {
    if (mark < 0) {
      throw new IOException("there is no mark, or it is too far back");
    }
    position -= next - mark;
    next = mark;
  }

  /**
   * Fills the buffer with what is asked for, and keeps what is marked if there is room for both.
   */
  private void fill(int count) throws IOException {
    if (limit - next >= count) {
      return;
    }
    if (mark >= 0 && next - mark + count > buffer.length) {
      mark = -1;
    }
    int kept = mark < 0 ? next : mark;
    System.arraycopy(buffer, kept, buffer, 0, limit - kept);
    limit -= kept;
    next -= kept;
    mark = mark < 0 ? -1 : 0;
    while (limit - next < count) {
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
