package io.hyper2kvm.image.vhdx;

import io.hyper2kvm.image.ImageBytes;
import io.hyper2kvm.image.ImageFacts;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.Layout;
import io.hyper2kvm.image.Lineage;
import java.nio.ByteBuffer;
import java.util.Optional;

/** VHDX: two headers, a region table, a metadata table; all little endian. */
public final class VhdxReader {

  private static final long MIB = 1L << 20;

  /** Offset of the GUID within a header, in bytes. */
  private static final int DATA_WRITE_ID = 32;

  private static final long LARGEST_DISK = 64L << 40;
  private static final long[] HEADERS = {64L << 10, 128L << 10};

  private VhdxReader() {}

  /**
   * What the headers say.
   *
   * @param log where the log stands; of length 0 when there is none
   * @param dirty whether it must be replayed
   */
  record Disk(
      VhdxTables.Regions regions,
      VhdxTables.Metadata metadata,
      VhdxTables.Region log,
      boolean dirty,
      Lineage lineage) {

    /** In bytes. */
    long block() {
      return Integer.toUnsignedLong(metadata.blockSize());
    }

    /** Blocks for each sector bitmap, whose 2^23 bits are for as many sectors. */
    long chunkRatio() {
      return (1L << 23) * 512 / block();
    }

    /** Blocks of data. */
    long blocks() {
      return (metadata.diskSize() - 1) / block() + 1;
    }
  }

  /** Reads and checks everything but the table's entries. */
  public static Layout read(ImageBytes image) {
    Disk disk = disk(image);
    VhdxTables.Metadata metadata = disk.metadata();
    String kind =
        metadata.parent().isPresent()
            ? "differencing"
            : metadata.leaveAllocated() ? "fixed" : "dynamic";
    return Layout.of(
            image,
            disk.dirty() ? kind + ImageFacts.DIRTY_LOG : kind,
            metadata.diskSize(),
            metadata.offset())
        .with(disk.lineage());
  }

  /** Reads and checks everything but the table's entries. */
  static Disk disk(ImageBytes image) {
    ByteBuffer header = currentHeader(image);
    VhdxTables.Region log = log(image, header);
    boolean dirty = dirty(header);
    VhdxTables.Regions regions = VhdxTables.regions(image);
    VhdxTables.Metadata metadata = VhdxTables.metadata(image, regions.metadata());
    long size = metadata.diskSize();
    if (size <= 0 || size > LARGEST_DISK) {
      throw ImageRefusedException.tooLarge(
          image.path(),
          metadata.offset(),
          "the disk's size is %s bytes".formatted(Long.toUnsignedString(size)));
    }
    if (metadata.sectorSize() != 512) {
      throw ImageRefusedException.unsupported(
          image.path(),
          "logical sectors of %s bytes".formatted(Integer.toUnsignedString(metadata.sectorSize())),
          "Convert it in Hyper-V to a disk with 512-byte logical sectors; QEMU reads no other.");
    }
    if (size % 512 != 0) {
      throw ImageRefusedException.corrupt(
          image.path(), metadata.offset(), "the disk's size is no whole number of sectors");
    }
    checkBlockSize(image, metadata);
    Lineage lineage =
        new Lineage(
            Optional.of(VhdxTables.guid(header, DATA_WRITE_ID).toString()), metadata.parent());
    Disk disk = new Disk(regions, metadata, log, dirty, lineage);
    checkTableSize(image, disk);
    return disk;
  }

  private static ByteBuffer currentHeader(ImageBytes image) {
    ByteBuffer first = header(image, HEADERS[0]);
    ByteBuffer second = header(image, HEADERS[1]);
    if (first == null && second == null) {
      throw ImageRefusedException.corrupt(
          image.path(), HEADERS[0], "neither VHDX header has a right checksum");
    }
    ByteBuffer current = current(image, first, second);
    if (current.getShort(66) != 1) {
      throw ImageRefusedException.unsupported(
          image.path(),
          "VHDX version %d".formatted(Short.toUnsignedInt(current.getShort(66))),
          "Convert it in Hyper-V to VHDX version 1.");
    }
    return current;
  }

  private static boolean dirty(ByteBuffer header) {
    return header.getLong(48) != 0 || header.getLong(56) != 0;
  }

  /** The log; one that was not replayed can be. */
  private static VhdxTables.Region log(ImageBytes image, ByteBuffer current) {
    long logLength = Integer.toUnsignedLong(current.getInt(68));
    long logOffset = current.getLong(72);
    boolean sane =
        logOffset >= MIB
            && logOffset % MIB == 0
            && logLength % MIB == 0
            && logOffset <= Layout.LARGEST;
    boolean dirty = dirty(current);
    if (logLength != 0 && !sane) {
      throw ImageRefusedException.corrupt(
          image.path(), HEADERS[0], "the log's place is impossible");
    }
    if (dirty && logOffset + logLength > image.size()) {
      throw ImageRefusedException.truncated(
          image.path(), "the log", logOffset + logLength, image.size());
    }
    if (dirty) {
      VhdxLog.check(image, logOffset, logLength, current.slice(48, 16));
    }
    return new VhdxTables.Region(logOffset, logLength);
  }

  private static ByteBuffer current(ImageBytes image, ByteBuffer first, ByteBuffer second) {
    if (first == null || second == null) {
      return first == null ? second : first;
    }
    int order = Long.compareUnsigned(first.getLong(8), second.getLong(8));
    if (order == 0 && !first.equals(second)) {
      throw ImageRefusedException.corrupt(
          image.path(), HEADERS[0], "two different headers have the same sequence number");
    }
    return order >= 0 ? first : second;
  }

  /** A header, or null when its signature or checksum is wrong; one of the two may be. */
  private static ByteBuffer header(ImageBytes image, long at) {
    ByteBuffer bytes = image.little(at, 4096, "the VHDX headers");
    return image.has(at, "head") && VhdxTables.checksumRight(bytes) ? bytes : null;
  }

  private static void checkBlockSize(ImageBytes image, VhdxTables.Metadata metadata) {
    long block = Integer.toUnsignedLong(metadata.blockSize());
    if (block < MIB || block > 256 * MIB || Long.bitCount(block) != 1) {
      throw ImageRefusedException.corrupt(
          image.path(), metadata.offset(), "blocks of %d bytes".formatted(block));
    }
  }

  /** A differencing disk has an entry for every bitmap, also for that of a last, shorter chunk. */
  private static void checkTableSize(ImageBytes image, Disk disk) {
    long chunks = (disk.blocks() - 1) / disk.chunkRatio() + 1;
    long entries =
        disk.metadata().parent().isPresent()
            ? chunks * (disk.chunkRatio() + 1)
            : disk.blocks() + chunks - 1;
    VhdxTables.Region table = disk.regions().blockTable();
    if (entries * 8 > table.length()) {
      throw ImageRefusedException.corrupt(
          image.path(),
          table.offset(),
          "the block table has %d bytes, the disk needs %d".formatted(table.length(), entries * 8));
    }
  }
}
