package io.hyper2kvm.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/** VHD: a fixed disk with a footer, or a dynamic one with the footer's copy at its start. */
final class VhdReader {

  private static final String COOKIE = "conectix";
  private static final int FOOTER = 512;
  private static final int DYNAMIC_HEADER = 1024;
  private static final int FIXED = 2;
  private static final int DYNAMIC = 3;
  private static final int DIFFERENCING = 4;

  /** Offset of the checksum within the footer and the dynamic header, in bytes. */
  private static final int FOOTER_CHECKSUM = 64;

  private static final int HEADER_CHECKSUM = 36;

  /** With this geometry the disk may be larger than cylinders, heads and sectors can say. */
  private static final long LARGEST_GEOMETRY = 65535L * 16 * 255;

  /** The programs whose stated size QEMU believes; for all others it calculates the geometry. */
  private static final Set<String> SIZE_BELIEVED = Set.of("win ", "qem2", "d2v ", "CTXS", "tap\0");

  /** Block addresses read at a time. */
  private static final int ENTRIES_AT_ONCE = 16384;

  /** 64 TiB with the usual blocks of 2 MiB; the format itself ends at 2 TiB. */
  private static final long MOST_BLOCKS = 1 << 25;

  private VhdReader() {}

  static Layout read(ImageBytes image) {
    boolean atStart = image.has(0, COOKIE);
    // Old programs wrote 511 bytes; like QEMU, take the last byte for zero then.
    long at = atStart ? 0 : image.sizeInWholeSectors() - FOOTER;
    ByteBuffer footer = padded(image, at);
    if (!image.has(at, COOKIE)) {
      throw ImageRefusedException.corrupt(image.path(), Math.max(0, at), "no VHD footer");
    }
    checkSum(image, footer, at, FOOTER_CHECKSUM, "footer");
    int type = footer.getInt(60);
    if (type == DIFFERENCING) {
      throw ImageRefusedException.hasParent(image.path(), at + 60, "a differencing disk");
    }
    if (type != FIXED && type != DYNAMIC) {
      throw ImageRefusedException.corrupt(
          image.path(), at + 60, "disk type " + Integer.toUnsignedString(type));
    }
    // QEMU takes a footer at the start for a dynamic disk, whatever type it states.
    if ((type == DYNAMIC) != atStart) {
      throw ImageRefusedException.corrupt(
          image.path(),
          at + 60,
          type == FIXED ? "a fixed disk with a footer at its start" : "no footer at its start");
    }
    long size = footer.getLong(48);
    Layout.checkSize(image.path(), size, at + 48);
    long seen = sizeSeenByQemu(footer, size);
    Layout.checkSize(image.path(), seen, at + 56);
    if (type == FIXED) {
      long data = Math.max(size, seen);
      if (data > at) {
        throw ImageRefusedException.truncated(
            image.path(), "the disk's data and footer", data + FOOTER, image.size());
      }
      return Layout.of(image, "fixed" + note(footer, size, seen), seen, at + 48);
    }
    checkDynamic(image, footer.getLong(16), seen);
    return Layout.of(image, "dynamic" + note(footer, size, seen), seen, at + 48);
  }

  /** Virtual PC itself shows its guests the geometry's size; nobody else does. */
  private static String note(ByteBuffer footer, long size, long seen) {
    return seen < size / 512 * 512 && !creator(footer).equals("vpc ")
        ? ImageFacts.GEOMETRY_BELOW_SIZE
        : "";
  }

  private static String creator(ByteBuffer footer) {
    return new String(footer.array(), 28, 4, StandardCharsets.ISO_8859_1);
  }

  private static ByteBuffer padded(ImageBytes image, long at) {
    ByteBuffer there = image.upTo(at, FOOTER);
    if (there.limit() < FOOTER - 1) {
      throw ImageRefusedException.truncated(image.path(), "the VHD footer", FOOTER, image.size());
    }
    return ByteBuffer.wrap(Arrays.copyOf(there.array(), FOOTER));
  }

  /** QEMU 7.2's rule, in bytes; anything else would fail the comparison of sizes later. */
  private static long sizeSeenByQemu(ByteBuffer footer, long size) {
    long geometry =
        (long) Short.toUnsignedInt(footer.getShort(56))
            * Byte.toUnsignedInt(footer.get(58))
            * Byte.toUnsignedInt(footer.get(59));
    boolean believed = SIZE_BELIEVED.contains(creator(footer)) || geometry == LARGEST_GEOMETRY;
    return (believed ? size / 512 : geometry) * 512;
  }

  /** One's complement of the sum of all bytes but the checksum's own. */
  private static void checkSum(
      ImageBytes image, ByteBuffer bytes, long at, int checksumAt, String what) {
    int sum = 0;
    for (int i = 0; i < bytes.limit(); i++) {
      sum += i >= checksumAt && i < checksumAt + 4 ? 0 : Byte.toUnsignedInt(bytes.get(i));
    }
    if (~sum != bytes.getInt(checksumAt)) {
      throw ImageRefusedException.corrupt(
          image.path(), at + checksumAt, "the VHD %s's checksum is wrong".formatted(what));
    }
  }

  private static void checkDynamic(ImageBytes image, long at, long size) {
    ByteBuffer header = image.big(at, DYNAMIC_HEADER, "the dynamic disk header");
    if (!image.has(at, "cxsparse")) {
      throw ImageRefusedException.corrupt(image.path(), at, "no dynamic disk header");
    }
    checkSum(image, header, at, HEADER_CHECKSUM, "dynamic header");
    long block = Integer.toUnsignedLong(header.getInt(32));
    if (block < 512 || block > 1L << 30 || Long.bitCount(block) != 1) {
      throw ImageRefusedException.corrupt(
          image.path(), at + 32, "blocks of %d bytes".formatted(block));
    }
    long entries = Integer.toUnsignedLong(header.getInt(28));
    if (entries < (size - 1) / block + 1) {
      throw ImageRefusedException.corrupt(
          image.path(), at + 28, "a table of %d blocks is too short".formatted(entries));
    }
    if (entries > MOST_BLOCKS) {
      throw ImageRefusedException.tooLarge(
          image.path(), at + 28, "a table of %d blocks".formatted(entries));
    }
    checkBlocks(image, header.getLong(16), entries, block, at + 16);
  }

  /** QEMU reads zeros from blocks behind the file's end and says nothing, so they are refused. */
  private static void checkBlocks(
      ImageBytes image, long table, long entries, long block, long statedAt) {
    if (table < 512 || table > Layout.LARGEST) {
      throw ImageRefusedException.corrupt(
          image.path(), statedAt, "the table stands at " + Long.toUnsignedString(table));
    }
    if (table + entries * 4 > image.size()) {
      throw ImageRefusedException.truncated(
          image.path(), "the block table", table + entries * 4, image.size());
    }
    long bitmap = (block / 512 / 8 + 511) / 512 * 512;
    for (long done = 0; done < entries; done += ENTRIES_AT_ONCE) {
      int count = (int) Math.min(ENTRIES_AT_ONCE, entries - done);
      ByteBuffer part = image.big(table + done * 4, count * 4, "the block table");
      while (part.hasRemaining()) {
        long sector = Integer.toUnsignedLong(part.getInt());
        boolean used = sector != 0xffffffffL;
        // The last block may be cut at the disk's end, so only its start must be there.
        if (used && sector * 512 + bitmap >= image.size()) {
          throw ImageRefusedException.truncated(
              image.path(), "a block of the disk's data", sector * 512 + bitmap + 1, image.size());
        }
      }
    }
  }
}
