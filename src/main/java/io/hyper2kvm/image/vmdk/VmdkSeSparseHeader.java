package io.hyper2kvm.image.vmdk;

import io.hyper2kvm.image.ImageBytes;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.Layout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The binary header of a seSparse extent, in which ESXi keeps snapshots since version 6.5. All
 * numbers have 64 bits, little endian; offsets and sizes are in sectors of 512 bytes. A grain has 4
 * KiB, a grain table 4096 entries, so that each entry of the grain directory stands for 16 MiB.
 *
 * @param capacity the extent's size, at least 1
 */
record VmdkSeSparseHeader(long capacity) {

  private static final long MAGIC = 0xcafebabeL;
  private static final long VOLATILE_MAGIC = 0xcafecafeL;
  private static final long VERSION = 0x2_0000_0001L;
  private static final int GRAIN_SECTORS = 8;
  private static final int TABLE_SECTORS = 64;
  private static final long SECTORS_PER_TABLE = TABLE_SECTORS * 512 / 8 * GRAIN_SECTORS;

  /** Directory entries read at a time. */
  private static final int ENTRIES_AT_ONCE = 4096;

  /** Grain tables read: 256 GiB of written disk. What follows is not looked at. */
  private static final int MOST_TABLES = 1 << 14;

  static VmdkSeSparseHeader read(ImageBytes image) {
    ByteBuffer header = image.little(0, 512, "the seSparse header");
    if (header.getLong(0) != MAGIC) {
      throw ImageRefusedException.corrupt(image.path(), 0, "no seSparse header");
    }
    boolean known =
        header.getLong(8) == VERSION
            && header.getLong(24) == GRAIN_SECTORS
            && header.getLong(32) == TABLE_SECTORS
            && header.getLong(40) == 0;
    if (!known) {
      throw ImageRefusedException.unsupported(
          image.path(),
          "a seSparse extent of version %x, grain %d, table %d, flags %x"
              .formatted(
                  header.getLong(8), header.getLong(24), header.getLong(32), header.getLong(40)),
          "Delete (consolidate) the VM's snapshots, or clone the disk to a full one.");
    }
    long capacity = header.getLong(16);
    Layout.sectorsToBytes(image.path(), capacity, 16);
    checkJournal(image, offset(image, header, 80));
    long directory = offset(image, header, 128);
    long tables = (capacity - 1) / SECTORS_PER_TABLE + 1;
    long directorySectors = header.getLong(136);
    if (directorySectors <= 0 || directorySectors > 1 << 16 || directorySectors * 64 < tables) {
      throw ImageRefusedException.corrupt(
          image.path(), 136, "a grain directory of %d sectors".formatted(directorySectors));
    }
    long end = (directory + directorySectors) * 512;
    if (end > image.sizeInWholeSectors()) {
      throw ImageRefusedException.truncated(image.path(), "the grain directory", end, image.size());
    }
    long firstTable = offset(image, header, 144);
    long firstGrain = offset(image, header, 192);
    checkDirectory(image, directory * 512, tables, firstTable, firstGrain);
    return new VmdkSeSparseHeader(capacity);
  }

  /** A place that a sum with any entry does not overflow. */
  private static long offset(ImageBytes image, ByteBuffer header, int at) {
    long sector = header.getLong(at);
    if (sector <= 0 || sector > Layout.LARGEST / 512) {
      throw ImageRefusedException.corrupt(
          image.path(), at, "a table stands at sector %s".formatted(Long.toUnsignedString(sector)));
    }
    return sector;
  }

  private static void checkJournal(ImageBytes image, long sector) {
    ByteBuffer header = image.little(sector * 512, 32, "the volatile seSparse header");
    if (header.getLong(0) != VOLATILE_MAGIC) {
      throw ImageRefusedException.corrupt(
          image.path(), sector * 512, "no volatile seSparse header");
    }
    if (header.getLong(24) != 0) {
      throw ImageRefusedException.unsupported(
          image.path(),
          "its journal was not replayed: the host crashed, or the VM was running",
          "Power the VM on and off once, or consolidate its snapshots, and copy the disk again.");
    }
  }

  private static void checkDirectory(
      ImageBytes image, long directory, long tables, long firstTable, long firstGrain) {
    int read = 0;
    for (long done = 0; done < tables; done += ENTRIES_AT_ONCE) {
      int count = (int) Math.min(ENTRIES_AT_ONCE, tables - done);
      ByteBuffer entries = image.little(directory + done * 8, count * 8, "the grain directory");
      while (entries.hasRemaining()) {
        long entry = entries.getLong();
        if (entry == 0) {
          continue; // Nothing of these 16 MiB was ever written.
        }
        if (entry >>> 32 != 0x10000000L) {
          throw ImageRefusedException.corrupt(
              image.path(), directory, "an entry %x of the grain directory".formatted(entry));
        }
        if (read++ == MOST_TABLES) {
          return;
        }
        long table = firstTable + (entry & 0xffffffffL) * TABLE_SECTORS;
        checkTable(image, table * 512, firstGrain);
      }
    }
  }

  private static void checkTable(ImageBytes image, long table, long firstGrain) {
    ByteBuffer grains = image.upTo(table, TABLE_SECTORS * 512).order(ByteOrder.LITTLE_ENDIAN);
    if (grains.limit() < TABLE_SECTORS * 512) {
      throw ImageRefusedException.truncated(
          image.path(), "a grain table", table + TABLE_SECTORS * 512, image.size());
    }
    while (grains.hasRemaining()) {
      long entry = grains.getLong();
      switch ((int) (entry >>> 60)) {
        case 0 -> {
          if (entry != 0) {
            throw ImageRefusedException.corrupt(
                image.path(), table, "an entry %x of a grain table".formatted(entry));
          }
        }
        case 1, 2 -> {} // Unmapped by the guest, or written with zeros.
        case 3 -> {
          long index = (entry & 0x0fff000000000000L) >> 48 | (entry & 0x0000ffffffffffffL) << 12;
          if (index > Layout.LARGEST / 4096
              || (firstGrain + index * GRAIN_SECTORS) * 512 >= image.size()) {
            throw ImageRefusedException.truncated(
                image.path(), "a grain of the disk's data", Long.MAX_VALUE, image.size());
          }
        }
        default ->
            throw ImageRefusedException.corrupt(
                image.path(), table, "an entry %x of a grain table".formatted(entry));
      }
    }
  }
}
