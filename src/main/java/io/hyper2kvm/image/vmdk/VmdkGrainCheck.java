package io.hyper2kvm.image.vmdk;

import io.hyper2kvm.image.ImageBytes;
import io.hyper2kvm.image.ImageRefusedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Walks grain directory and grain tables and compares every address with the file's end. */
final class VmdkGrainCheck {

  /** Directory entries read at a time. */
  private static final int ENTRIES_AT_ONCE = 4096;

  /**
   * Of tables, in bytes: 8 TiB of disk with the usual grains of 64 KiB. What follows is not read.
   */
  private static final long MOST_READ = 512L << 20;

  private final ImageBytes image;
  private final long directory;
  private final long tables;
  private final int tableEntries;

  VmdkGrainCheck(ImageBytes image, long directory, long tables, int tableEntries) {
    this.image = image;
    this.directory = directory * 512;
    this.tables = Math.min(tables, MOST_READ / (tableEntries * 4L));
    this.tableEntries = tableEntries;
  }

  void run() {
    for (long done = 0; done < tables; done += ENTRIES_AT_ONCE) {
      int count = (int) Math.min(ENTRIES_AT_ONCE, tables - done);
      ByteBuffer entries = padded(directory + done * 4, count * 4);
      while (entries.remaining() >= 4) {
        long table = Integer.toUnsignedLong(entries.getInt()) * 512;
        // 0 stands for a table of which no grain was ever written.
        if (table != 0) {
          checkTable(table);
        }
      }
    }
  }

  private void checkTable(long table) {
    int length = tableEntries * 4;
    refuseBehindEnd("a grain table", table, length);
    ByteBuffer grains = padded(table, length);
    while (grains.remaining() >= 4) {
      long grain = Integer.toUnsignedLong(grains.getInt()) * 512;
      // 0 is never written, 1 is written with zeros; neither has data.
      if (grain > 512) {
        refuseBehindEnd("a grain of the disk's data", grain, 1);
      }
    }
  }

  private void refuseBehindEnd(String what, long at, int length) {
    if (at + length > image.sizeInWholeSectors()) {
      throw ImageRefusedException.truncated(image.path(), what, at + length, image.size());
    }
  }

  /** The last sector of a file may be short; the directory was found to lie within it. */
  private ByteBuffer padded(long offset, int length) {
    return image.upTo(offset, length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
