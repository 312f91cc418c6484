package io.hyper2kvm.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The kind of partition table that stands at the start of a plain disk. */
public enum PartitionTable {
  /** GUID partition table, counted in 512-byte sectors. */
  GPT("gpt"),
  /** GUID partition table, counted in 4096-byte sectors: firmware finds it on such disks only. */
  GPT_4096("gpt, 4096-byte sectors"),
  /** Master boot record. */
  MBR("mbr"),
  /** The whole disk is a LUKS container. */
  LUKS("luks"),
  /** A file system, a physical volume or nothing. */
  NONE("none");

  /** The sectors of nearly every disk, in bytes. */
  public static final int SECTOR = 512;

  /** The sectors of disks with 4Kn, in bytes. */
  public static final int LARGE_SECTOR = 4096;

  private final String subformat;

  PartitionTable(String subformat) {
    this.subformat = subformat;
  }

  /** As in {@link ImageFacts#subformat()}. */
  public String subformat() {
    return subformat;
  }

  /** Whether there is a table of partitions. */
  public boolean partitioned() {
    return this == GPT || this == GPT_4096 || this == MBR;
  }

  /** What stands at the start of the image. */
  public static PartitionTable read(ImageBytes image) {
    if (image.has(0, "LUKS\u00ba\u00be")) {
      return LUKS;
    }
    if (image.has(SECTOR, "EFI PART")) {
      return GPT;
    }
    if (image.has(LARGE_SECTOR, "EFI PART")) {
      return GPT_4096;
    }
    ByteBuffer sector = image.upTo(0, SECTOR).order(ByteOrder.LITTLE_ENDIAN);
    return sector.limit() == SECTOR && masterBootRecord(sector) ? MBR : NONE;
  }

  /** File systems carry the same signature, so the four entries must make sense, too. */
  private static boolean masterBootRecord(ByteBuffer sector) {
    if (sector.getShort(510) != (short) 0xaa55) {
      return false;
    }
    boolean used = false;
    for (int entry = 446; entry < 510; entry += 16) {
      if ((sector.get(entry) & 0x7f) != 0) {
        return false;
      }
      used |= sector.get(entry + 4) != 0 && sector.getInt(entry + 12) != 0;
    }
    return used;
  }
}
