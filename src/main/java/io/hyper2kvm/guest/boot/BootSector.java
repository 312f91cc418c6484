package io.hyper2kvm.guest.boot;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;

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
   * @param chosen the index of the disk that the machine's BIOS was told to start first; 0 when it
   *     was told nothing
   * @param boot the index of the disk that holds the guest's {@code /boot}; empty for a volume over
   *     several disks, or when it is not known
   * @param linux whether it is a guest that one of the known loaders starts
   * @return its index; 0 when none has anything to run
   */
  public static int bootDisk(
      List<BootSector> sectors, int chosen, OptionalInt boot, boolean linux) {
    if (chosen > 0 && chosen < sectors.size() && sectors.get(chosen).hasCode) {
      return chosen;
    }
    if (boot.isPresent() && sectors.get(boot.getAsInt()).hasCode) {
      return boot.getAsInt();
    }
    // An old loader on a disk that was once another system's says nothing of a Windows guest.
    List<Predicate<BootSector>> signs =
        linux
            ? List.of(BootSector::hasLoader, BootSector::isBootable, BootSector::hasCode)
            : List.of(BootSector::isBootable, BootSector::hasCode);
    for (Predicate<BootSector> sign : signs) {
      for (int i = 0; i < sectors.size(); i++) {
        if (sign.test(sectors.get(i))) {
          return i;
        }
      }
    }
    return 0;
  }

  private boolean isBootable() {
    return hasCode && hasActive;
  }
}
