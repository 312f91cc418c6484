package io.hyper2kvm.image.vmdk;

import io.hyper2kvm.image.ImageBytes;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.Layout;
import java.nio.ByteBuffer;

/**
 * The binary header of a hosted sparse extent (magic KDMV). Offsets and sizes are in sectors of 512
 * bytes.
 *
 * @param capacity the extent's size, at least 1
 * @param grain sectors in one grain, a power of two
 * @param descriptorOffset where an embedded descriptor starts; 0 for none
 * @param descriptorSectors how long it may be, at most 2048
 * @param tableEntries grain table entries, 1 to 512
 * @param directory where the grain directory starts
 * @param compressed whether each grain is deflated
 */
record VmdkSparseHeader(
    long capacity,
    long grain,
    long descriptorOffset,
    int descriptorSectors,
    int tableEntries,
    long directory,
    boolean compressed) {

  private static final String MAGIC = "KDMV";
  private static final int LENGTH = 79;
  private static final long DIRECTORY_AT_END = -1;
  private static final int MOST_DESCRIPTOR_SECTORS = ImageBytes.LONGEST_READ / 512;
  private static final long MOST_GRAIN_SECTORS = 0x200000;
  private static final int FOOTER = 3;

  static boolean startsWithMagic(ImageBytes image) {
    return image.has(0, MAGIC);
  }

  /** Reads the header, and the footer where the header defers to it. */
  static VmdkSparseHeader read(ImageBytes image) {
    ByteBuffer bytes = image.little(0, LENGTH, "the VMDK header");
    // With a capacity of 0 QEMU takes the embedded text for the whole disk, and opens its extents.
    if (bytes.getLong(12) == 0) {
      throw ImageRefusedException.corrupt(
          image.path(), 12, "the capacity is 0, which would make the descriptor name other files");
    }
    long at = 0;
    if (bytes.getLong(56) == DIRECTORY_AT_END) {
      at = footer(image);
      bytes = image.little(at, LENGTH, "the VMDK footer");
    }
    return parse(image, bytes, at);
  }

  /** The footer stands before the end-of-stream marker, and its own marker before it. */
  private static long footer(ImageBytes image) {
    long marker = image.sizeInWholeSectors() - 3 * 512;
    if (marker < 512) {
      throw ImageRefusedException.truncated(image.path(), "the VMDK footer", 2048, image.size());
    }
    ByteBuffer markers = image.little(marker, 2 * 512 + 16, "the VMDK footer");
    boolean framed = markers.getInt(8) == 0 && markers.getInt(12) == FOOTER;
    framed &= markers.getLong(1024) == 0 && markers.getLong(1032) == 0; // end of stream
    if (!framed || !image.has(marker + 512, MAGIC)) {
      throw ImageRefusedException.truncated(
          image.path(), "the footer that the header promises", image.size() + 1536, image.size());
    }
    return marker + 512;
  }

  private static VmdkSparseHeader parse(ImageBytes image, ByteBuffer bytes, long at) {
    checkHead(image, bytes, at);
    long capacity = bytes.getLong(12);
    if (capacity == 0) {
      throw ImageRefusedException.corrupt(image.path(), at + 12, "the footer's capacity is 0");
    }
    Layout.sectorsToBytes(image.path(), capacity, at + 12);
    long grain = bytes.getLong(20);
    if (grain <= 0 || Long.bitCount(grain) != 1 || grain > MOST_GRAIN_SECTORS) {
      throw ImageRefusedException.corrupt(
          image.path(), at + 20, "a grain of %s sectors".formatted(Long.toUnsignedString(grain)));
    }
    long descriptorSectors = bytes.getLong(36);
    if (descriptorSectors < 0 || descriptorSectors > MOST_DESCRIPTOR_SECTORS) {
      throw ImageRefusedException.tooLarge(
          image.path(),
          at + 36,
          "a descriptor of %s sectors".formatted(Long.toUnsignedString(descriptorSectors)));
    }
    int tableEntries = bytes.getInt(44);
    if (tableEntries <= 0 || tableEntries > 512) {
      throw ImageRefusedException.corrupt(
          image.path(),
          at + 44,
          "a grain table of %s entries".formatted(Integer.toUnsignedString(tableEntries)));
    }
    int compression = Short.toUnsignedInt(bytes.getShort(77));
    if (compression > 1) {
      throw ImageRefusedException.unsupported(
          image.path(),
          "compression method %d".formatted(compression),
          "Export the disk as streamOptimized, which uses deflate.");
    }
    VmdkSparseHeader header =
        new VmdkSparseHeader(
            capacity,
            grain,
            bytes.getLong(28),
            (int) descriptorSectors,
            tableEntries,
            bytes.getLong(56),
            compression == 1);
    header.checkDirectory(image, at + 56);
    long overhead = bytes.getLong(64);
    if (overhead < 0 || overhead > image.sizeInWholeSectors() / 512) {
      throw ImageRefusedException.truncated(
          image.path(),
          "its metadata",
          overhead < 0 || overhead > Layout.LARGEST / 512 ? Long.MAX_VALUE : overhead * 512,
          image.size());
    }
    return header;
  }

  private static void checkHead(ImageBytes image, ByteBuffer bytes, long at) {
    long version = Integer.toUnsignedLong(bytes.getInt(4));
    if (version < 1 || version > 3) {
      throw ImageRefusedException.unsupported(
          image.path(),
          "VMDK version %d".formatted(version),
          "Export the disk as monolithicSparse or streamOptimized.");
    }
    boolean newlinesTested = (bytes.getInt(8) & 1) != 0;
    if (newlinesTested && bytes.getInt(73) != 0x0a0d200a) {
      throw ImageRefusedException.corrupt(
          image.path(), at + 73, "the line ends were changed: it was copied as text");
    }
  }

  /** Grain directory entries; each stands for one grain table. */
  private long tables() {
    long sectorsInTable = tableEntries * grain;
    return (capacity - 1) / sectorsInTable + 1;
  }

  private void checkDirectory(ImageBytes image, long at) {
    long bytes = tables() * 4;
    if (directory <= 0 || directory > Layout.LARGEST / 512) {
      throw ImageRefusedException.corrupt(
          image.path(),
          at,
          "the grain directory stands at sector %s".formatted(Long.toUnsignedString(directory)));
    }
    if (directory * 512 + bytes > image.sizeInWholeSectors()) {
      throw ImageRefusedException.truncated(
          image.path(), "the grain directory", directory * 512 + bytes, image.size());
    }
  }

  /**
   * Refuses an image whose tables point behind its end: QEMU would read zeros there and say
   * nothing.
   */
  void checkGrains(ImageBytes image) {
    new VmdkGrainCheck(image, directory, tables(), tableEntries).run();
  }
}
