package io.hyper2kvm.guest.disk;

import java.util.regex.Pattern;

/** Checks references that never change but may name something that is not there. */
public final class StableReference {

  private static final Pattern ARRAY =
      Pattern.compile("/dev/md(?:[0-9]|_d|/).*|/dev/disk/by-id/md-.*");

  /** A group's and a volume's name, or their identifiers. */
  private static final Pattern MAPPED =
      Pattern.compile(
          "/dev/(?:mapper/|disk/by-id/dm-name-)[^-]+-.+|/dev/disk/by-id/dm-uuid-LVM-.+");

  private StableReference() {}

  /**
   * Whether a reference by content finds no device. A {@code PARTLABEL=} counts as missing only
   * where the partition table told of every partition. A volume's name counts if no encrypted
   * volume can hide it.
   */
  public static boolean resolvesToNothing(String device, GuestDisks disks) {
    if (isVolumeName(device, disks)) {
      return !disks.mayHideVolumes() && disks.resolve(device).isEmpty();
    }
    return DeviceTag.of(device)
            .filter(tag -> tag.kind() != DeviceTag.Kind.PARTLABEL || knowsPartitions(disks))
            .filter(tag -> tag.value().indexOf('$') < 0)
            .isPresent()
        && disks.resolve(device).isEmpty();
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
