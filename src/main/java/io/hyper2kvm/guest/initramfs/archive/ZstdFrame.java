package io.hyper2kvm.guest.initramfs.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * The still compressed bytes of one zstd frame and nothing behind it: the decompressor reads ahead,
 * so the frame's end is found here, by its block headers.
 */
final class ZstdFrame extends InputStream {

  private enum Next {
    HEADER,
    BLOCK,
    CHECKSUM,
    END
  }

  private final SegmentSource source;
  private final int maxWindow;
  private Next next = Next.HEADER;
  private boolean checksum;
  private long pending;

  /**
   * Begins at the source's position, where the magic number must be.
   *
   * @param maxWindow what the decompressor may have to keep, in bytes
   */
  ZstdFrame(SegmentSource source, int maxWindow) {
    this.source = source;
    this.maxWindow = maxWindow;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (pending == 0) {
      if (next == Next.END) {
        return -1;
      }
      advance();
    }
    int count = source.read(target, offset, (int) Math.min(length, pending));
    if (count < 0) {
      throw new EOFException("the file ends within the frame");
    }
    pending -= count;
    return count;
  }

  private void advance() throws IOException {
    switch (next) {
      case HEADER -> header();
      case BLOCK -> {
        long value = littleEndian(peek(3), 0, 3);
        long type = value >> 1 & 3;
        if (type == 3) {
          throw new IOException("reserved block type");
        }
        pending = 3 + (type == 1 ? 1 : value >> 3);
        if ((value & 1) != 0) {
          next = checksum ? Next.CHECKSUM : Next.END;
        }
      }
      case CHECKSUM -> {
        pending = 4;
        next = Next.END;
      }
      case END -> throw new IllegalStateException("beyond the frame");
    }
  }

  private void header() throws IOException {
    int descriptor = peek(5)[4] & 0xff;
    boolean singleSegment = (descriptor & 0x20) != 0;
    checksum = (descriptor & 4) != 0;
    int dictionaryId = new int[] {0, 1, 2, 4}[descriptor & 3];
    int contentSize = new int[] {singleSegment ? 1 : 0, 2, 4, 8}[descriptor >> 6];
    int length = 5 + (singleSegment ? 0 : 1) + dictionaryId + contentSize;
    byte[] header = peek(length);
    long window;
    if (singleSegment) {
      window = littleEndian(header, length - contentSize, contentSize);
    } else {
      int code = header[5] & 0xff;
      window = (1L << 10 + (code >> 3)) / 8 * (8 + (code & 7));
    }
    if (window < 0 || window > maxWindow) {
      throw new IOException("a window of %s bytes".formatted(Long.toUnsignedString(window)));
    }
    pending = length;
    next = Next.BLOCK;
  }

  private static long littleEndian(byte[] bytes, int from, int count) {
    long value = 0;
    for (int i = count - 1; i >= 0; i--) {
      value = value << 8 | bytes[from + i] & 0xff;
    }
    return value;
  }

  private byte[] peek(int count) throws IOException {
    byte[] ahead = source.peek(count);
    if (ahead.length < count) {
      throw new EOFException("the file ends within the frame");
    }
    return ahead;
  }
}
