package io.hyper2kvm.guest.disk;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an unstable device name points, read from the name alone. A name whose disk depends on what
 * else the VM had has no place: a wrong disk mounts, and is worse than none.
 *
 * @param family what numbered the disks: {@code sd}, {@code nvme}, or the controller of a by-path
 *     link; names of different families cannot be ordered against each other
 * @param disk the disk's place in the VM, from 0
 * @param partition the partition's number, from 1; 0 for the whole disk
 */
public record DevicePlace(String family, int disk, int partition) {

  private static final Pattern LETTERS = Pattern.compile("/dev/(?:sd|hd|xvd|vd)([a-z]{1,3})");
  private static final Pattern NVME = Pattern.compile("/dev/nvme([0-9]{1,4})n([0-9]{1,4})");
  private static final Pattern MMC = Pattern.compile("/dev/mmcblk([0-9]{1,4})");
  private static final Pattern ARRAY = Pattern.compile("/dev/(?:cciss|ida|rd)/c0d([0-9]{1,4})");
  private static final Pattern SCSI =
      Pattern.compile("(.+)-scsi-[0-9]{1,3}:([0-9]{1,3}):([0-9]{1,3}):([0-9]{1,5})");
  private static final Pattern ATA = Pattern.compile("(.+)-ata-([0-9]{1,3})(?:\\.0)?");
  private static final Pattern UNIT =
      Pattern.compile("-(?:ata-|ide-|nvme-|lun-|sas-phy)([0-9:.]{1,16})");

  /** How the several kinds of controller write their first unit. */
  private static final Set<String> FIRST_UNITS = Set.of("ide-0:0", "nvme-1", "lun-0", "sas-phy0");

  /** The slots VMware gives its first SCSI controller: LSI parallel, and PVSCSI or LSI SAS. */
  private static final Set<String> FIRST_CONTROLLERS =
      Set.of("pci-0000:00:10.0", "pci-0000:03:00.0");

  /** Kinds of names that follow no order of disks. */
  private static final Set<String> NO_NUMBERS = Set.of("by-id", "multipath", "link");

  /** The SCSI target that VMware keeps for the controller itself. */
  private static final int RESERVED_TARGET = 7;

  public static Optional<DevicePlace> of(String name, int diskCount) {
    return DiskName.of(name)
        .flatMap(
            disk ->
                index(disk, diskCount).stream()
                    .mapToObj(index -> new DevicePlace(disk.family(), index, disk.partition()))
                    .findFirst());
  }

  /** What numbered the disks of this name, if that can order them. */
  static Optional<String> familyOf(String name) {
    return DiskName.of(name).map(DiskName::family).filter(family -> !NO_NUMBERS.contains(family));
  }

  /** The partition number in an unstable name, 0 for a whole disk, -1 for any other name. */
  static int partitionOf(String name) {
    return DiskName.of(name).map(DiskName::partition).orElse(-1);
  }

  /** A name's own number from 0, {@code hdc} being 2; empty for names without letters. */
  static Optional<Integer> letterNumber(String name) {
    return DiskName.of(name)
        .filter(disk -> LETTERS.matcher(disk.disk()).matches())
        .map(DevicePlace::letterIndex);
  }

  /** The controller, from 0, and the namespace, from 1, in the name of an NVMe disk. */
  record Namespace(int controller, int number) {}

  static Optional<Namespace> namespace(String name) {
    Matcher nvme = NVME.matcher(DiskName.of(name).map(DiskName::disk).orElse(""));
    return nvme.matches()
        ? Optional.of(
            new Namespace(Integer.parseInt(nvme.group(1)), Integer.parseInt(nvme.group(2))))
        : Optional.empty();
  }

  /** Whether VMware has its first SCSI controller at this place, such as pci-0000:03:00.0. */
  static boolean isFirstController(String path) {
    return FIRST_CONTROLLERS.contains(path);
  }

  private static OptionalInt index(DiskName name, int diskCount) {
    if (name.disk().startsWith(DeviceNames.BY_PATH)) {
      return byPath(name.disk().substring(DeviceNames.BY_PATH.length()), diskCount);
    }
    return switch (name.family()) {
      case "by-id" -> only(diskCount == 1);
      // multipathd gives its letters in the order in which it finds the disks.
      case "multipath" -> only(diskCount == 1 && !name.disk().matches(".*/mpath(?!a$).*"));
      default -> kernelName(name, diskCount);
    };
  }

  private static OptionalInt only(boolean sure) {
    return sure ? OptionalInt.of(0) : OptionalInt.empty();
  }

  private static OptionalInt kernelName(DiskName name, int diskCount) {
    Matcher letters = LETTERS.matcher(name.disk());
    if (letters.matches()) {
      int disk = letterIndex(letters.group(1));
      // IDE has four fixed places and the CD-ROM drive takes one of them, mostly the third: from
      // there on the letter says nothing about the order unless disks fill all four.
      boolean unsure = name.family().equals("hd") && disk > 1 && diskCount != 4;
      return unsure ? OptionalInt.empty() : OptionalInt.of(disk);
    }
    Matcher nvme = NVME.matcher(name.disk());
    if (nvme.matches()) {
      int controller = Integer.parseInt(nvme.group(1));
      int namespace = Integer.parseInt(nvme.group(2));
      // VMware puts disks on one controller as namespaces, EC2 each on its own controller.
      return namespace == 0 || (controller > 0 && namespace > 1)
          ? OptionalInt.empty()
          : OptionalInt.of(controller + namespace - 1);
    }
    for (Pattern numbered : List.of(MMC, ARRAY)) {
      Matcher matcher = numbered.matcher(name.disk());
      if (matcher.matches()) {
        return OptionalInt.of(Integer.parseInt(matcher.group(1)));
      }
    }
    return OptionalInt.empty();
  }

  private static OptionalInt byPath(String unit, int diskCount) {
    Matcher scsi = SCSI.matcher(unit);
    if (scsi.matches()) {
      int bus = Integer.parseInt(scsi.group(2));
      int target = Integer.parseInt(scsi.group(3));
      int lun = Integer.parseInt(scsi.group(4));
      boolean known = diskCount == 1 || FIRST_CONTROLLERS.contains(scsi.group(1));
      if (!known || bus != 0 || lun != 0 || target == RESERVED_TARGET) {
        return OptionalInt.empty();
      }
      return OptionalInt.of(target < RESERVED_TARGET ? target : target - 1);
    }
    Matcher ata = ATA.matcher(unit);
    if (ata.matches()) {
      // A CD-ROM drive may sit on any port before this one, so only the first port is sure.
      return only(Integer.parseInt(ata.group(2)) == 1);
    }
    // Other controllers number in their own ways; on a VM with one disk there is only one answer,
    // unless the unit number itself says that it is another disk.
    return only(diskCount == 1 && isFirstUnit(unit));
  }

  private static boolean isFirstUnit(String path) {
    Matcher unit = UNIT.matcher(path);
    while (unit.find()) {
      if (!FIRST_UNITS.contains(unit.group().substring(1))) {
        return false;
      }
    }
    return true;
  }

  /** The letters of a name of a family that has letters, as a number from 0. */
  static int letterIndex(DiskName name) {
    return letterIndex(name.disk().substring("/dev/".length() + name.family().length()));
  }

  /** {@code a} is 0, {@code z} is 25, {@code aa} is 26, as the kernel counts. */
  private static int letterIndex(String letters) {
    int index = 0;
    for (int i = 0; i < letters.length(); i++) {
      index = index * 26 + (letters.charAt(i) - 'a' + 1);
    }
    return index - 1;
  }
}
