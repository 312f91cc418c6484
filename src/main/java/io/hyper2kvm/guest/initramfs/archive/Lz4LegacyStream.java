package io.hyper2kvm.guest.initramfs.archive;

import io.airlift.compress.lz4.Lz4Decompressor;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/**
 * Decodes the legacy lz4 frame. It has no end mark: like the kernel, a length of zero or the end of
 * the file ends it, and another magic number in the place of a length is passed over.
 */
final class Lz4LegacyStream extends FrameStream {

  /** What every packer of this form puts into one block, in bytes. */
  static final int BLOCK_BYTES = 8 << 20;

  private static final long MAGIC = 0x184c2102L;
  private static final int MAX_COMPRESSED = BLOCK_BYTES + BLOCK_BYTES / 255 + 16;
  private final Lz4Decompressor decompressor = new Lz4Decompressor();
  private byte[] block = new byte[0];
  private int used;
  private int filled;
  private boolean ended;

  Lz4LegacyStream(SegmentSource source, BooleanSupplier archiveOpen) throws IOException {
    super(source, Compression.LZ4, archiveOpen);
    source.skipNBytes(4);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (used == filled) {
      if (ended || !nextBlock()) {
        ended = true;
        block = new byte[0];
        return -1;
      }
    }
    int count = Math.min(length, filled - used);
    System.arraycopy(block, used, target, offset, count);
    used += count;
    return count;
  }

  private boolean nextBlock() throws IOException {
    byte[] ahead = source.peek(4);
    if (ahead.length == 0 || ahead[0] == 0 && isZero(ahead)) {
      return false;
    }
    long size = needLittleEndian32();
    if (size == MAGIC) {
      return true;
    }
    if (size > MAX_COMPRESSED) {
      throw new IOException("block of %d bytes".formatted(size));
    }
    byte[] compressed = source.readNBytes((int) size);
    if (compressed.length < size) {
      throw new IOException("the file ends within a block");
    }
    if (block.length == 0) {
      // Zeroed, and never larger: a damaged block can show nothing but an earlier part of itself.
      block = new byte[BLOCK_BYTES];
    }
    filled = decompressor.decompress(compressed, 0, compressed.length, block, 0, block.length);
    used = 0;
    return true;
  }

  private static boolean isZero(byte[] bytes) {
    for (byte value : bytes) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }
}
