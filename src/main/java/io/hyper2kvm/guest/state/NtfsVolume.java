package io.hyper2kvm.guest.state;

import io.hyper2kvm.guest.state.FileSystemState.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An NTFS by its first sector, and what its own records say of its state: the flags of {@code
 * $Volume}, and the first pages of its journal, {@code $LogFile}.
 *
 * @param clusterBytes the size of a cluster, a power of two
 * @param recordBytes the size of a record of the master file table, a power of two
 * @param tableOffset where that table begins, in bytes
 */
public record NtfsVolume(int clusterBytes, int recordBytes, long tableOffset) {

  /** What is read of the volume's first sector, in bytes. */
  public static final int SECTOR = 512;

  /** What is read of the journal: two pages with the place where it goes on, in bytes. */
  public static final int LOG_BYTES = 8192;

  /** The journal's record; that of the volume follows it. */
  private static final int LOG_RECORD = 2;

  private static final int MOST_RECORD = 1 << 16;
  private static final int MOST_CLUSTER = 2 << 20;
  private static final int VOLUME_INFORMATION = 0x70;
  private static final int DATA = 0x80;
  private static final int DIRTY = 1;
  private static final int PAGE = 4096;
  private static final int NO_CLIENT = 0xffff;
  private static final int CLEAN = 2;

  /**
   * By the first sector; any bytes.
   *
   * @return empty when it is none of an NTFS
   */
  public static Optional<NtfsVolume> of(byte[] sector) {
    if (sector.length < SECTOR
        || !new String(sector, 3, 8, StandardCharsets.ISO_8859_1).equals("NTFS    ")) {
      return Optional.empty();
    }
    long bytesPerSector = LittleEndian.u16(sector, 0x0b);
    long cluster = bytesPerSector * count(sector[0x0d]);
    long record = sector[0x40] > 0 ? cluster * sector[0x40] : power(-sector[0x40]);
    long table = LittleEndian.u64(sector, 0x30);
    if (!isSize(cluster, MOST_CLUSTER)
        || !isSize(record, MOST_RECORD)
        || table < 0
        || table > Long.MAX_VALUE / cluster / 2) {
      return Optional.empty();
    }
    return Optional.of(new NtfsVolume((int) cluster, (int) record, table * cluster));
  }

  private static long count(byte sectors) {
    int number = sectors & 0xff;
    return number <= 0x80 ? number : power(256 - number);
  }

  private static long power(int of) {
    return of > 30 || of < 0 ? 0 : 1L << of;
  }

  private static boolean isSize(long bytes, int most) {
    return bytes >= SECTOR && bytes <= most && Long.bitCount(bytes) == 1;
  }

  /** Where the two records in question begin, in bytes; they are twice {@code recordBytes} long. */
  public long recordsOffset() {
    return tableOffset + (long) LOG_RECORD * recordBytes;
  }

  /**
   * Where the journal begins, in bytes.
   *
   * @param records the two records; any bytes
   */
  public OptionalLong logOffset(byte[] records) {
    byte[] record = record(records, 0);
    int at = attribute(record, DATA);
    if (at < 0 || record[at + 8] == 0) {
      return OptionalLong.empty();
    }
    int run = at + LittleEndian.u16(record, at + 0x20);
    if (run >= record.length) {
      return OptionalLong.empty();
    }
    int lengthBytes = record[run] & 0xf;
    int placeBytes = (record[run] & 0xff) >> 4;
    int place = run + 1 + lengthBytes;
    if (placeBytes == 0 || placeBytes > 7 || place + placeBytes > record.length) {
      return OptionalLong.empty();
    }
    long cluster = 0;
    for (int i = placeBytes - 1; i >= 0; i--) {
      cluster = cluster << 8 | record[place + i] & 0xff;
    }
    return cluster > Long.MAX_VALUE / clusterBytes
        ? OptionalLong.empty()
        : OptionalLong.of(cluster * clusterBytes);
  }

  /**
   * The state.
   *
   * @param records the two records; any bytes
   * @param log the first bytes of the journal; any bytes, none when it was not found
   */
  public FileSystemState state(byte[] records, byte[] log) {
    byte[] volume = record(records, recordBytes);
    int at = attribute(volume, VOLUME_INFORMATION);
    if (at < 0) {
      return FileSystemState.NOT_KNOWN;
    }
    int flags = LittleEndian.u16(volume, at + LittleEndian.u16(volume, at + 0x14) + 0x0a);
    if ((flags & DIRTY) != 0) {
      return new FileSystemState(
          Kind.ERRORS, "Windows has marked it as dirty and wants to check it with chkdsk");
    }
    return isInUse(log)
        ? new FileSystemState(
            Kind.JOURNAL, "its journal holds changes: Windows was not shut down, or hibernates")
        : new FileSystemState(Kind.CLEAN, "");
  }

  /**
   * Whether somebody still writes to the journal, by the later one of its two first pages. One that
   * is neither empty nor has such a page says the same: nobody has closed it.
   */
  private static boolean isInUse(byte[] log) {
    long latest = -1;
    boolean inUse = log.length > 0 && !isEmpty(log) && !isNamed(log, 0, "CHKD");
    for (int page = 0; page + PAGE <= log.length; page += PAGE) {
      int area = page + LittleEndian.u16(log, page + 0x18);
      if (isNamed(log, page, "RSTR") && area + 16 <= page + PAGE) {
        long number = LittleEndian.u64(log, area) >>> 1;
        if (number > latest) {
          latest = number;
          inUse =
              LittleEndian.u16(log, area + 12) != NO_CLIENT
                  && (LittleEndian.u16(log, area + 14) & CLEAN) == 0;
        }
      }
    }
    return inUse;
  }

  /** As a new journal is filled. */
  private static boolean isEmpty(byte[] log) {
    return LittleEndian.u32(log, 0) == 0xffffffffL;
  }

  /** One record with the last bytes of its sectors put back; empty when it is none. */
  private byte[] record(byte[] records, int from) {
    if (from + recordBytes > records.length || !isNamed(records, from, "FILE")) {
      return new byte[0];
    }
    byte[] record = Arrays.copyOfRange(records, from, from + recordBytes);
    int array = LittleEndian.u16(record, 4);
    for (int sector = 1; sector <= recordBytes / SECTOR; sector++) {
      int kept = array + 2 * sector;
      if (kept + 2 > record.length) {
        return new byte[0];
      }
      record[sector * SECTOR - 2] = record[kept];
      record[sector * SECTOR - 1] = record[kept + 1];
    }
    return record;
  }

  private static boolean isNamed(byte[] bytes, int at, String magic) {
    return at + 4 <= bytes.length
        && new String(bytes, at, 4, StandardCharsets.ISO_8859_1).equals(magic);
  }

  /** Where an attribute without a name begins in a record; -1 when it has none. */
  private static int attribute(byte[] record, int type) {
    int at = LittleEndian.u16(record, 0x14);
    while (at + 0x22 <= record.length) {
      long length = LittleEndian.u32(record, at + 4);
      if (LittleEndian.u32(record, at) == type && record[at + 9] == 0) {
        return at;
      }
      if (length < 16 || length > record.length) {
        return -1;
      }
      at += (int) length;
    }
    return -1;
  }
}
