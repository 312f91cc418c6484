package io.hyper2kvm.guest.disk;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which device names can change when a VM moves to another hypervisor. The forms are matched
 * exactly, because {@code /dev/sdata/root} is a logical volume and not a SCSI disk.
 */
public final class DeviceNames {

  static final String BY_PATH = "/dev/disk/by-path/";
  static final String BY_ID = "/dev/disk/by-id/";

  /** Longer names exist in no guest; they are hostile and match nothing. */
  public static final int MAX_LENGTH = 512;

  /** libmount's word for a link below by-id. */
  private static final String ID = "ID=";

  /** The device mapper's numbers follow the order in which the guest opens its volumes. */
  private static final Pattern MAPPER_NUMBER = Pattern.compile("/dev/dm-[0-9]{1,4}");

  /** Further links and nodes that follow the numbers of disks. */
  private static final Pattern NUMBERED =
      Pattern.compile("/dev/(?:block/[0-9]{1,4}:[0-9]{1,7}|disk/by-diskseq/.+)");

  private static final String NODES = "/dev/";

  private static final String PARTS = ":,=";

  private static final Pattern IN_VALUE = Pattern.compile("(?:^|[:,=])/dev/");

  private DeviceNames() {}

  /**
   * Whether the name can mean another device, or none, on another hypervisor: kernel names of disks
   * and partitions ({@code sd hd xvd vd nvme mmcblk cciss ida rd} and rarer ones), {@code
   * /dev/dm-0}, {@code /dev/disk/by-path/}, {@code /dev/disk/by-id/} and multipath's names, but not
   * by-id links of LVM, device mapper and md, which follow the content.
   */
  public static boolean isUnstable(String name) {
    return DiskName.of(name).isPresent()
        || isMapperNumber(name)
        || (name.length() <= MAX_LENGTH && NUMBERED.matcher(name).matches());
  }

  /**
   * The first name in a value of several parts that {@link #isUnstable} affirms, such as {@code
   * /dev/sdb1} in {@code /key:/dev/sdb1}; parts are divided by colons, commas and equals signs.
   */
  public static Optional<String> unstableIn(String value) {
    if (value.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    Matcher device = IN_VALUE.matcher(value);
    while (device.find()) {
      int start = device.end() - NODES.length();
      // A link by the disk's path on its bus has colons itself.
      for (int end = value.length(); end > device.end(); end--) {
        boolean ends = end == value.length() || PARTS.indexOf(value.charAt(end)) >= 0;
        if (ends && isUnstable(value.substring(start, end))) {
          return Optional.of(value.substring(start, end));
        }
      }
    }
    return Optional.empty();
  }

  /** Whether the name is a link below {@code /dev/disk/by-path/}. */
  public static boolean isByPath(String name) {
    return isBelow(BY_PATH, name);
  }

  /** Whether it is the device mapper's number, such as {@code /dev/dm-0}. */
  static boolean isMapperNumber(String name) {
    return name.length() <= MAX_LENGTH && MAPPER_NUMBER.matcher(name).matches();
  }

  /** The name below {@code /dev/disk/by-id/}, also as libmount's {@code ID=} gives it. */
  static Optional<String> idOf(String name) {
    if (isBelow(BY_ID, name)) {
      return Optional.of(name.substring(BY_ID.length()));
    }
    return isBelow(ID, name)
        ? Optional.of(DeviceTag.unquoted(name.substring(ID.length())))
        : Optional.empty();
  }

  /** Whether the kernel itself gave the name to a disk or partition. */
  public static boolean isKernelName(String name) {
    return DiskName.of(name)
        .filter(disk -> !disk.disk().startsWith("/dev/disk/"))
        .filter(disk -> !disk.family().equals("multipath"))
        .isPresent();
  }

  private static boolean isBelow(String directory, String name) {
    return name.length() > directory.length()
        && name.length() <= MAX_LENGTH
        && name.startsWith(directory);
  }

  /** Why a name that {@link #isUnstable} denies may stay, in a sentence for the report. */
  public static String whyItStays(String name, String fileSystemType) {
    if (DeviceTag.of(name).isPresent()) {
      return "already named by its content, which is the same on every hypervisor";
    }
    if (name.startsWith("/dev/mapper/")
        || name.startsWith("/dev/md")
        || name.startsWith(BY_ID)
        || (name.startsWith("/dev/") && name.indexOf('/', 5) > 0)) {
      return "a volume's own name (LVM, device mapper, md), the same on every hypervisor";
    }
    if (name.startsWith("/dev/")) {
      return "not a disk name that changes between hypervisors";
    }
    if (name.startsWith("//") || name.indexOf(':') > 0 || fileSystemType.startsWith("nfs")) {
      return "a network file system";
    }
    if (name.startsWith("/")) {
      return "a path inside the guest (bind mount, swap file or image)";
    }
    return "a pseudo file system or another name that is no disk";
  }
}
