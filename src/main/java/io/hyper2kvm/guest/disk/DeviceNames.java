package io.hyper2kvm.guest.disk;

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

  private static final Pattern KERNEL_NAME =
      Pattern.compile(
          "/dev/(?:(?:sd|hd|xvd|vd)[a-z]{1,3}[0-9]{0,3}"
              + "|nvme[0-9]{1,4}n[0-9]{1,4}(?:p[0-9]{1,3})?"
              + "|mmcblk[0-9]{1,3}(?:p[0-9]{1,3})?"
              + "|(?:cciss|ida|rd)/c[0-9]{1,2}d[0-9]{1,3}(?:p[0-9]{1,3})?)");

  /** Links below by-id that udev makes from what is on the disk, not from the disk's identity. */
  private static final Pattern CONTENT_ID = Pattern.compile("(?:dm|md)-(?:name|uuid)-.*");

  private DeviceNames() {}

  /**
   * Whether the name can mean another device, or none, on another hypervisor: kernel names of disks
   * and partitions ({@code sd hd xvd vd nvme mmcblk cciss ida rd}), {@code /dev/disk/by-path/} and
   * {@code /dev/disk/by-id/}, but not by-id links of LVM, device mapper and md, which follow the
   * content.
   */
  public static boolean isUnstable(String name) {
    return isKernelName(name) || isByPath(name) || isById(name);
  }

  /** Whether the name is a link below {@code /dev/disk/by-path/}. */
  public static boolean isByPath(String name) {
    return isBelow(BY_PATH, name);
  }

  static boolean isById(String name) {
    if (!isBelow(BY_ID, name)) {
      return false;
    }
    String id = name.substring(BY_ID.length());
    return !id.startsWith("lvm-pv-uuid-") && !CONTENT_ID.matcher(id).matches();
  }

  public static boolean isKernelName(String name) {
    return name.length() <= MAX_LENGTH && KERNEL_NAME.matcher(name).matches();
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
