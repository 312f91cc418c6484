package io.hyper2kvm.guest.disk;

import java.util.List;
import java.util.Optional;
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

  private static final Pattern LETTERS =
      Pattern.compile("/dev/(sd|hd|xvd|vd)([a-z]{1,3})([0-9]{0,3})");
  private static final Pattern NVME =
      Pattern.compile("/dev/nvme([0-9]{1,4})n([0-9]{1,4})(?:p([0-9]{1,3}))?");
  private static final Pattern MMC = Pattern.compile("/dev/mmcblk([0-9]{1,3})(?:p([0-9]{1,3}))?");
  private static final Pattern ARRAY =
      Pattern.compile("/dev/(cciss|ida|rd)/c([0-9]{1,2})d([0-9]{1,3})(?:p([0-9]{1,3}))?");
  private static final Pattern PART = Pattern.compile("-part([0-9]{1,3})\\z");
  private static final Pattern SCSI =
      Pattern.compile("(.+)-scsi-[0-9]{1,3}:([0-9]{1,3}):([0-9]{1,3}):([0-9]{1,5})");
  private static final Pattern ATA = Pattern.compile("(.+)-ata-([0-9]{1,3})(?:\\.0)?");
  private static final Pattern CONTROLLER =
      Pattern.compile("(.+?)-(?:ata|ide|sas|nvme|usb|vbd|lun)-.*");
  private static final Pattern UNIT =
      Pattern.compile("-(?:ata-|ide-|nvme-|lun-|sas-phy)([0-9:.]{1,16})");

  /** How the several kinds of controller write their first unit. */
  private static final Set<String> FIRST_UNITS = Set.of("ide-0:0", "nvme-1", "lun-0", "sas-phy0");

  /** The slots VMware gives its first SCSI controller: LSI parallel, and PVSCSI or LSI SAS. */
  private static final Set<String> FIRST_CONTROLLERS =
      Set.of("pci-0000:00:10.0", "pci-0000:03:00.0");

  /** The SCSI target that VMware keeps for the controller itself. */
  private static final int RESERVED_TARGET = 7;

  public static Optional<DevicePlace> of(String name, int diskCount) {
    if (name.length() > DeviceNames.MAX_LENGTH) {
      return Optional.empty();
    }
    if (DeviceNames.isByPath(name)) {
      return byPath(name.substring(DeviceNames.BY_PATH.length()), diskCount);
    }
    if (DeviceNames.isById(name)) {
      return diskCount == 1
          ? Optional.of(new DevicePlace("by-id", 0, partNumber(name)))
          : Optional.empty();
    }
    return kernelName(name, diskCount);
  }

  /** What numbered the disks of this name, whether or not the name has a place. */
  public static Optional<String> familyOf(String name) {
    if (DeviceNames.isByPath(name)) {
      String path = name.substring(DeviceNames.BY_PATH.length());
      Matcher scsi = SCSI.matcher(withoutPart(path));
      Matcher other = CONTROLLER.matcher(withoutPart(path));
      String controller =
          scsi.matches() ? scsi.group(1) : other.matches() ? other.group(1) : withoutPart(path);
      return Optional.of("by-path " + controller);
    }
    Matcher letters = LETTERS.matcher(name);
    if (letters.matches()) {
      return Optional.of(letters.group(1));
    }
    if (NVME.matcher(name).matches()) {
      return Optional.of("nvme");
    }
    if (MMC.matcher(name).matches()) {
      return Optional.of("mmcblk");
    }
    Matcher array = ARRAY.matcher(name);
    return array.matches() ? Optional.of(array.group(1)) : Optional.empty();
  }

  /** The partition number in an unstable name, 0 for a whole disk, -1 for any other name. */
  static int partitionOf(String name) {
    if (DeviceNames.isByPath(name) || DeviceNames.isById(name)) {
      return partNumber(name);
    }
    if (!DeviceNames.isKernelName(name)) {
      return -1;
    }
    for (Pattern pattern : List.of(LETTERS, NVME, MMC, ARRAY)) {
      Matcher matcher = pattern.matcher(name);
      if (matcher.matches()) {
        return number(matcher.group(matcher.groupCount()));
      }
    }
    return -1;
  }

  /** A name's own number from 0, {@code hdc} being 2; empty for names without letters. */
  static Optional<Integer> letterNumber(String name) {
    Matcher letters = LETTERS.matcher(name);
    return letters.matches() ? Optional.of(letterIndex(letters.group(2))) : Optional.empty();
  }

  /** The controller, from 0, and the namespace, from 1, in the name of an NVMe disk. */
  record Namespace(int controller, int number) {}

  static Optional<Namespace> namespace(String name) {
    Matcher nvme = NVME.matcher(name);
    return nvme.matches()
        ? Optional.of(
            new Namespace(Integer.parseInt(nvme.group(1)), Integer.parseInt(nvme.group(2))))
        : Optional.empty();
  }

  /** Whether VMware has its first SCSI controller at this place, such as pci-0000:03:00.0. */
  static boolean isFirstController(String path) {
    return FIRST_CONTROLLERS.contains(path);
  }

  private static Optional<DevicePlace> kernelName(String name, int diskCount) {
    Matcher letters = LETTERS.matcher(name);
    if (letters.matches()) {
      int disk = letterIndex(letters.group(2));
      // IDE has four fixed places and the CD-ROM drive takes one of them, mostly the third: from
      // there on the letter says nothing about the order unless disks fill all four.
      boolean unsure = letters.group(1).equals("hd") && disk > 1 && diskCount != 4;
      return unsure ? Optional.empty() : place(letters.group(1), disk, letters.group(3));
    }
    Matcher nvme = NVME.matcher(name);
    if (nvme.matches()) {
      int controller = Integer.parseInt(nvme.group(1));
      int namespace = Integer.parseInt(nvme.group(2));
      // VMware puts disks on one controller as namespaces, EC2 each on its own controller.
      if (namespace == 0 || (controller > 0 && namespace > 1)) {
        return Optional.empty();
      }
      return place("nvme", controller + namespace - 1, nvme.group(3));
    }
    Matcher mmc = MMC.matcher(name);
    if (mmc.matches()) {
      return place("mmcblk", Integer.parseInt(mmc.group(1)), mmc.group(2));
    }
    Matcher array = ARRAY.matcher(name);
    if (array.matches() && Integer.parseInt(array.group(2)) == 0) {
      return place(array.group(1), Integer.parseInt(array.group(3)), array.group(4));
    }
    return Optional.empty();
  }

  private static Optional<DevicePlace> byPath(String path, int diskCount) {
    String unit = withoutPart(path);
    String family = familyOf(DeviceNames.BY_PATH + path).orElse("by-path");
    int partition = partNumber(path);
    Matcher scsi = SCSI.matcher(unit);
    if (scsi.matches()) {
      int bus = Integer.parseInt(scsi.group(2));
      int target = Integer.parseInt(scsi.group(3));
      int lun = Integer.parseInt(scsi.group(4));
      boolean known = diskCount == 1 || FIRST_CONTROLLERS.contains(scsi.group(1));
      if (!known || bus != 0 || lun != 0 || target == RESERVED_TARGET) {
        return Optional.empty();
      }
      int disk = target < RESERVED_TARGET ? target : target - 1;
      return Optional.of(new DevicePlace(family, disk, partition));
    }
    Matcher ata = ATA.matcher(unit);
    if (ata.matches()) {
      // A CD-ROM drive may sit on any port before this one, so only the first port is sure.
      return Integer.parseInt(ata.group(2)) == 1
          ? Optional.of(new DevicePlace(family, 0, partition))
          : Optional.empty();
    }
    // Other controllers number in their own ways; on a VM with one disk there is only one answer,
    // unless the unit number itself says that it is another disk.
    return diskCount == 1 && isFirstUnit(unit)
        ? Optional.of(new DevicePlace(family, 0, partition))
        : Optional.empty();
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

  private static Optional<DevicePlace> place(String family, int disk, String number) {
    return Optional.of(new DevicePlace(family, disk, number(number)));
  }

  private static int number(String digits) {
    return digits == null || digits.isEmpty() ? 0 : Integer.parseInt(digits);
  }

  private static String withoutPart(String path) {
    Matcher part = PART.matcher(path);
    return part.find() ? path.substring(0, part.start()) : path;
  }

  private static int partNumber(String name) {
    Matcher part = PART.matcher(name);
    return part.find() ? Integer.parseInt(part.group(1)) : 0;
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
