package io.hyper2kvm.guest;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A disk's first sector as a BIOS sees it: 440 bytes of code, four partitions of 16 bytes each from
 * byte 446 on, of which one may be active, and a signature. A disk with a GPT has such a sector,
 * too.
 *
 * @param hasCode whether there is anything that a BIOS would run
 * @param hasLoader whether that is a known boot loader's, and not the code that partitioning
 *     programs put on every disk
 * @param hasActive whether a partition is marked to be booted from
 */
public record BootSector(boolean hasCode, boolean hasLoader, boolean hasActive) {

  /** How much of a disk there is to read. */
  public static final int BYTES = 512;

  private static final int CODE_BYTES = 440;
  private static final int PARTITIONS = 446;
  private static final int PARTITION_BYTES = 16;
  private static final int ACTIVE = 0x80;

  /** What these loaders leave readable in their first sector. */
  private static final List<String> LOADERS = List.of("GRUB", "LILO", "SYSLINUX", "EXTLINUX");

  /** Reads it; what is too short, or has no signature, is none. */
  public static BootSector of(byte[] sector) {
    if (sector.length < BYTES || sector[510] != 0x55 || (sector[511] & 0xff) != 0xaa) {
      return new BootSector(false, false, false);
    }
    String code = new String(sector, 0, CODE_BYTES, StandardCharsets.ISO_8859_1);
    boolean hasCode = sector[0] != 0;
    boolean active = false;
    for (int entry = 0; entry < 4; entry++) {
      active |= (sector[PARTITIONS + entry * PARTITION_BYTES] & 0xff) == ACTIVE;
    }
    return new BootSector(hasCode, hasCode && LOADERS.stream().anyMatch(code::contains), active);
  }

  /**
   * The disk that a BIOS guest boots from, whichever place it has.
   *
   * @param sectors of all disks, in their order
   * @param holdsBoot whether the disk of this index holds the guest's {@code /boot}
   * @return its index; 0 when none has anything to run
   */
  public static int bootDisk(List<BootSector> sectors, IntPredicate holdsBoot) {
    int best = 0;
    int bestScore = 0;
    for (int i = 0; i < sectors.size(); i++) {
      int score = sectors.get(i).score(holdsBoot.test(i));
      if (score > bestScore) {
        best = i;
        bestScore = score;
      }
    }
    return best;
  }

  /** What says most comes first; equals go by their order. */
  private int score(boolean holdsBoot) {
    if (!hasCode) {
      return 0;
    }
    return 1 + (hasActive ? 1 : 0) + (holdsBoot ? 2 : 0) + (hasLoader ? 4 : 0);
  }
}
