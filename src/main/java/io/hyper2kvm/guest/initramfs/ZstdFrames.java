package io.hyper2kvm.guest.initramfs;

import java.io.EOFException;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/**
 * The still compressed bytes of zstd frames and nothing behind them: the decompressor reads ahead,
 * so the end of a frame is found here, by its block headers.
 */
final class ZstdFrames extends FrameStream {

  private enum Next {
    HEADER,
    BLOCK,
    CHECKSUM,
    FRAME_END
  }

  private final int maxWindow;
  private Next next = Next.HEADER;
  private boolean checksum;
  private long pending;
  private boolean ended;

  ZstdFrames(SegmentSource source, int maxWindow, BooleanSupplier archiveOpen) {
    super(source, Compression.ZSTD, archiveOpen);
    this.maxWindow = maxWindow;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (pending == 0) {
      if (ended) {
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
      case HEADER -> {
        int descriptor = peek(5)[4] & 0xff;
        boolean singleSegment = (descriptor & 0x20) != 0;
        checksum = (descriptor & 4) != 0;
        int dictionaryId = new int[] {0, 1, 2, 4}[descriptor & 3];
        int contentSize = new int[] {singleSegment ? 1 : 0, 2, 4, 8}[descriptor >> 6];
        pending = 5 + (singleSegment ? 0 : 1) + dictionaryId + contentSize;
        checkWindow(singleSegment);
        next = Next.BLOCK;
      }
      case BLOCK -> {
        byte[] header = peek(3);
        int value = header[0] & 0xff | (header[1] & 0xff) << 8 | (header[2] & 0xff) << 16;
        int type = value >> 1 & 3;
        if (type == 3) {
          throw new IOException("reserved block type");
        }
        pending = 3 + (type == 1 ? 1 : value >> 3);
        if ((value & 1) != 0) {
          next = checksum ? Next.CHECKSUM : Next.FRAME_END;
        }
      }
      case CHECKSUM -> {
        pending = 4;
        next = Next.FRAME_END;
      }
      case FRAME_END -> {
        ended = !goesOn();
        next = Next.HEADER;
      }
    }
  }

  private void checkWindow(boolean singleSegment) throws IOException {
    if (!singleSegment) {
      int window = peek(6)[5] & 0xff;
      long size = (1L << 10 + (window >> 3)) * (8 + (window & 7)) / 8;
      if (size > maxWindow) {
        throw new IOException("a window of %d bytes".formatted(size));
      }
    }
  }

  private byte[] peek(int count) throws IOException {
    byte[] ahead = source.peek(count);
    if (ahead.length < count) {
      throw new EOFException("the file ends within the frame");
    }
    return ahead;
  }
}
