package io.hyper2kvm.guest.initramfs.archive;

import io.airlift.compress.lzo.LzoDecompressor;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/**
 * Decodes lzop's format as the kernel does: blocks of at most 256 KiB with one checksum, which is
 * not compared, and a length of zero as the end.
 */
final class LzopStream extends FrameStream {

  /** What lzop puts into one block and the kernel accepts, in bytes. */
  static final int BLOCK_BYTES = 256 << 10;

  /** The one checksum of each block that the kernel expects: Adler-32 of the unpacked data. */
  static final int ADLER32_UNPACKED = 0x1;

  private static final int OTHER_CHECKSUMS = 0x2 | 0x100 | 0x200;
  private static final int FILTER = 0x800;
  private static final int WITH_LEVEL = 0x0940;
  private static final int MAGIC_BYTES = 9;

  private final LzoDecompressor decompressor = new LzoDecompressor();

  /** Zeroed at first, and never larger: a damaged block shows nothing but an earlier part. */
  private final byte[] block = new byte[BLOCK_BYTES];

  private int used;
  private int filled;
  private boolean ended;

  LzopStream(SegmentSource source, BooleanSupplier archiveOpen) throws IOException {
    super(source, Compression.LZO, archiveOpen);
    header();
  }

  private void header() throws IOException {
    source.skipNBytes(MAGIC_BYTES);
    int version = (int) number(2);
    source.skipNBytes(version >= WITH_LEVEL ? 4 : 2);
    need(); // the method: all of them have one decoder
    if (version >= WITH_LEVEL) {
      need();
    }
    long flags = number(4);
    if ((flags & ADLER32_UNPACKED) == 0 || (flags & (OTHER_CHECKSUMS | FILTER)) != 0) {
      throw new IOException("flags %08x, which the kernel does not read".formatted(flags));
    }
    source.skipNBytes(version >= WITH_LEVEL ? 12 : 8);
    source.skipNBytes(need());
    number(4);
  }

  private long number(int bytes) throws IOException {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value = value << 8 | need();
    }
    return value;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (used == filled) {
      if (ended || !nextBlock()) {
        ended = true;
        return -1;
      }
    }
    int count = Math.min(length, filled - used);
    System.arraycopy(block, used, target, offset, count);
    used += count;
    return count;
  }

  private boolean nextBlock() throws IOException {
    long unpacked = number(4);
    if (unpacked == 0) {
      if (!goesOn()) {
        return false;
      }
      header();
      used = 0;
      filled = 0;
      return true;
    }
    long packed = number(4);
    number(4);
    if (unpacked > BLOCK_BYTES || packed > unpacked || packed == 0) {
      throw new IOException("block of %d bytes for %d".formatted(packed, unpacked));
    }
    byte[] bytes = source.readNBytes((int) packed);
    if (bytes.length < packed) {
      throw new IOException("the file ends within a block");
    }
    if (packed == unpacked) {
      System.arraycopy(bytes, 0, block, 0, bytes.length);
      filled = bytes.length;
    } else {
      filled = decompressor.decompress(bytes, 0, bytes.length, block, 0, (int) unpacked);
      if (filled != unpacked) {
        throw new IOException("block of %d bytes in the place of %d".formatted(filled, unpacked));
      }
    }
    used = 0;
    return true;
  }
}
