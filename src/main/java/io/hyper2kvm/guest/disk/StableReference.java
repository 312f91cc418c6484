package io.hyper2kvm.guest.disk;

import java.util.regex.Pattern;

/**
 * Checks references that do not change with the hypervisor by themselves, but may name something
 * that is not there.
 */
public final class StableReference {

  private static final Pattern ARRAY =
      Pattern.compile("/dev/md(?:[0-9]|_d|/).*|/dev/disk/by-id/md-.*");

  /** A volume's name, or its identifiers. */
  private static final Pattern MAPPED =
      Pattern.compile("/dev/(?:mapper/|disk/by-id/dm-name-).+|/dev/disk/by-id/dm-uuid-LVM-.+");

  /** A node that no driver makes: a rule of udev's gave it to a disk by what the disk was. */
  private static final Pattern BY_RULE =
      Pattern.compile(
          "/dev/(?!(?:usb[^/]{0,64}"
              + "|(?:cdrom|cdrw|dvd|dvdrw|sr|scd|fd|floppy|loop|ram|zram|nbd|rbd|drbd|bcache|zd|md|dm"
              + "|mtd|mtdblock|ubi|ubiblock|st|nst|tape|raw|root|gpt-auto-root|nfs|cifs|shm|null|zero"
              + "|mem|fuse|pts|hugepages|mqueue|mapper)(?:[0-9_-][^/]{0,64})?)\\z)[^/]{1,255}");

  private StableReference() {}

  /**
   * Whether a reference by content finds no device. A {@code PARTLABEL=} counts as missing only
   * where the partition table told of every partition. A volume's name counts if no encrypted
   * volume can hide it.
   */
  public static boolean resolvesToNothing(String device, GuestDisks disks) {
    if (isGivenByRule(device)) {
      return disks.resolve(device).isEmpty();
    }
    if (isVolumeName(device, disks)) {
      return !disks.mayHideVolumes() && disks.resolve(device).isEmpty();
    }
    return DeviceTag.of(device)
            .filter(tag -> tag.kind() != DeviceTag.Kind.PARTLABEL || knowsPartitions(disks))
            .filter(tag -> tag.value().indexOf('$') < 0)
            .isPresent()
        && disks.resolve(device).isEmpty();
  }

  /** Whether it is a node's name of no kind that is known here. */
  public static boolean isGivenByRule(String device) {
    return device.length() <= DeviceNames.MAX_LENGTH
        && !DeviceNames.isUnstable(device)
        && BY_RULE.matcher(device).matches();
  }

  private static boolean knowsPartitions(GuestDisks disks) {
    return disks.partitions().stream().allMatch(p -> p.number() == 0 || !p.partUuid().isEmpty());
  }

  /** Whether it is the name of a logical volume, or of an array where the VM has none. */
  private static boolean isVolumeName(String device, GuestDisks disks) {
    if (device.length() > DeviceNames.MAX_LENGTH || DeviceNames.isUnstable(device)) {
      return false;
    }
    if (ARRAY.matcher(device).matches()) {
      return disks.partitions().stream().noneMatch(p -> p.device().startsWith("/dev/md"));
    }
    return MAPPED.matcher(device).matches() || !VolumeNames.groupOf(device).isEmpty();
  }
}
