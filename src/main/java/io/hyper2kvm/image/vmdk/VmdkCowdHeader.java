package io.hyper2kvm.image.vmdk;

import io.hyper2kvm.image.ImageBytes;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.Layout;
import java.nio.ByteBuffer;

/**
 * The binary header of a vmfsSparse extent (magic COWD).
 *
 * @param sectors the extent's size in sectors of 512 bytes, at least 1
 */
record VmdkCowdHeader(long sectors) {

  private static final String MAGIC = "COWD";
  private static final int LENGTH = 32;

  /** Entries in one grain table of this kind. */
  private static final int TABLE_ENTRIES = 4096;

  static boolean startsWithMagic(ImageBytes image) {
    return image.has(0, MAGIC);
  }

  static VmdkCowdHeader read(ImageBytes image) {
    ByteBuffer bytes = image.little(0, LENGTH, "the vmfsSparse header");
    if (bytes.getInt(4) != 1) {
      throw ImageRefusedException.corrupt(
          image.path(), 4, "vmfsSparse version " + Integer.toUnsignedString(bytes.getInt(4)));
    }
    long sectors = Integer.toUnsignedLong(bytes.getInt(12));
    Layout.sectorsToBytes(image.path(), sectors, 12);
    long grain = Integer.toUnsignedLong(bytes.getInt(16));
    if (grain == 0 || grain > 0x200000) {
      throw ImageRefusedException.corrupt(
          image.path(), 16, "a grain of %d sectors".formatted(grain));
    }
    long directory = Integer.toUnsignedLong(bytes.getInt(20));
    long tables = Integer.toUnsignedLong(bytes.getInt(24));
    if (tables < (sectors - 1) / (TABLE_ENTRIES * grain) + 1) {
      throw ImageRefusedException.corrupt(
          image.path(), 24, "a grain directory of %d entries is too short".formatted(tables));
    }
    if (directory * 512 + tables * 4 > image.sizeInWholeSectors()) {
      throw ImageRefusedException.truncated(
          image.path(), "the grain directory", directory * 512 + tables * 4, image.size());
    }
    new VmdkGrainCheck(image, directory, tables, TABLE_ENTRIES).run();
    return new VmdkCowdHeader(sectors);
  }
}
