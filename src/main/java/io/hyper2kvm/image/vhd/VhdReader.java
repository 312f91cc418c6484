package io.hyper2kvm.image.vhd;

import io.hyper2kvm.image.ImageBytes;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.Layout;
import io.hyper2kvm.image.Lineage;
import io.hyper2kvm.image.QemuFileName;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * VHD: a fixed disk with a footer, or a dynamic or differencing one with the footer's copy at its
 * start. A disk has the size that its footer states, as Hyper-V, Azure, VirtualBox and XenServer
 * show it to their guests. Its cylinders, heads and sectors can say less (they are rounded down,
 * and end at 127 GiB); QEMU goes by them for most programs' disks unless it is told, see {@link
 * QemuFileName}.
 */
public final class VhdReader {

  private static final String COOKIE = "conectix";
  private static final int FOOTER = 512;
  private static final int DYNAMIC_HEADER = 1024;
  private static final int FIXED = 2;
  private static final int DYNAMIC = 3;
  private static final int DIFFERENCING = 4;

  /** Offset of the checksum within the footer and the dynamic header, in bytes. */
  private static final int FOOTER_CHECKSUM = 64;

  private static final int HEADER_CHECKSUM = 36;

  /** Offset of the identifier within the footer, in bytes. */
  private static final int UNIQUE_ID = 68;

  /** 2040 GiB: the format's own limit, and QEMU's. */
  private static final long LARGEST_DISK = 0xff000000L * 512;

  /** Block addresses read at a time. */
  private static final int ENTRIES_AT_ONCE = 16384;

  /** 64 TiB with the usual blocks of 2 MiB; the format itself ends at 2 TiB. */
  private static final long MOST_BLOCKS = 1 << 25;

  private VhdReader() {}

  /** What a dynamic or differencing disk's own header says; all in bytes but the entries. */
  record Table(long header, long offset, long entries, long block) {

    /** The bitmap in front of each block: a bit for each sector, in whole sectors. */
    int bitmap() {
      return (int) ((block / 512 / 8 + 511) / 512 * 512);
    }
  }

  /**
   * What the headers say.
   *
   * @param size in bytes, whole sectors
   * @param sizeAt where it stands, in bytes
   * @param table empty for a fixed disk
   */
  record Disk(
      boolean differencing, long size, long sizeAt, Lineage lineage, Optional<Table> table) {}

  /** Reads and checks the headers and the table. */
  public static Layout read(ImageBytes image) {
    Disk disk = disk(image);
    String kind =
        disk.differencing() ? "differencing" : disk.table().isPresent() ? "dynamic" : "fixed";
    return Layout.of(image, kind, disk.size(), disk.sizeAt()).with(disk.lineage());
  }

  /** Reads and checks the headers and the table. */
  static Disk disk(ImageBytes image) {
    boolean atStart = image.has(0, COOKIE);
    // Old programs wrote 511 bytes; like QEMU, take the last byte for zero then.
    long at = atStart ? 0 : image.sizeInWholeSectors() - FOOTER;
    ByteBuffer footer = padded(image, at);
    if (!image.has(at, COOKIE)) {
      throw ImageRefusedException.corrupt(image.path(), Math.max(0, at), "no VHD footer");
    }
    checkSum(image, footer, at, FOOTER_CHECKSUM, "footer");
    int type = footer.getInt(60);
    if (type != FIXED && type != DYNAMIC && type != DIFFERENCING) {
      throw ImageRefusedException.corrupt(
          image.path(), at + 60, "disk type " + Integer.toUnsignedString(type));
    }
    // QEMU takes a footer at the start for a dynamic disk, whatever type it states.
    if ((type != FIXED) != atStart) {
      throw ImageRefusedException.corrupt(
          image.path(),
          at + 60,
          type == FIXED ? "a fixed disk with a footer at its start" : "no footer at its start");
    }
    long size = footer.getLong(48);
    if (size < 0 || size > LARGEST_DISK) {
      throw ImageRefusedException.tooLarge(
          image.path(),
          at + 48,
          "the disk's size is %s bytes".formatted(Long.toUnsignedString(size)));
    }
    long whole = size / 512 * 512;
    Layout.checkSize(image.path(), whole, at + 48);
    Optional<String> id = Optional.of(VhdParentLocators.id(footer, UNIQUE_ID));
    if (type == FIXED) {
      if (size > at) {
        throw ImageRefusedException.truncated(
            image.path(), "the disk's data and footer", size + FOOTER, image.size());
      }
      return new Disk(false, whole, at + 48, new Lineage(id, Optional.empty()), Optional.empty());
    }
    ByteBuffer header = header(image, footer.getLong(16));
    Optional<Table> table = Optional.of(table(image, header, footer.getLong(16), whole));
    boolean differencing = type == DIFFERENCING;
    Optional<Lineage.Parent> parent =
        differencing ? Optional.of(VhdParentLocators.read(image, header)) : Optional.empty();
    return new Disk(differencing, whole, at + 48, new Lineage(id, parent), table);
  }

  private static ByteBuffer padded(ImageBytes image, long at) {
    ByteBuffer there = image.upTo(at, FOOTER);
    if (there.limit() < FOOTER - 1) {
      throw ImageRefusedException.truncated(image.path(), "the VHD footer", FOOTER, image.size());
    }
    return ByteBuffer.wrap(Arrays.copyOf(there.array(), FOOTER));
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

  private static ByteBuffer header(ImageBytes image, long at) {
    ByteBuffer header = image.big(at, DYNAMIC_HEADER, "the dynamic disk header");
    if (!image.has(at, "cxsparse")) {
      throw ImageRefusedException.corrupt(image.path(), at, "no dynamic disk header");
    }
    checkSum(image, header, at, HEADER_CHECKSUM, "dynamic header");
    return header;
  }

  private static Table table(ImageBytes image, ByteBuffer header, long at, long size) {
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
    Table table = new Table(at, header.getLong(16), entries, block);
    checkBlocks(image, table, at + 16);
    return table;
  }

  /** QEMU reads zeros from blocks behind the file's end and says nothing, so they are refused. */
  private static void checkBlocks(ImageBytes image, Table stated, long statedAt) {
    long table = stated.offset();
    long entries = stated.entries();
    if (table < 512 || table > Layout.LARGEST) {
      throw ImageRefusedException.corrupt(
          image.path(), statedAt, "the table stands at " + Long.toUnsignedString(table));
    }
    if (table + entries * 4 > image.size()) {
      throw ImageRefusedException.truncated(
          image.path(), "the block table", table + entries * 4, image.size());
    }
    long bitmap = stated.bitmap();
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
