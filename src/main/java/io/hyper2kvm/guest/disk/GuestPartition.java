package io.hyper2kvm.guest.disk;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A block device of the guest as the appliance sees it: a partition, a whole disk, or a volume that
 * lies on several of them (LVM, md). Unknown texts are empty.
 *
 * @param device the appliance's own name, such as {@code /dev/sda1} or {@code /dev/vg/root}
 * @param disk the disk's place in the VM, from 0; -1 for a volume that is no part of one disk
 * @param number the partition's number, from 1; 0 for a whole disk or a volume
 * @param uuid the file system's UUID, as blkid reads it
 * @param partUuid the UUID in the partition table
 * @param label the file system's label
 * @param fsType what it holds, in blkid's words: {@code ext4}, {@code swap}, {@code crypto_LUKS}
 * @param names what else the guest may call it: {@code /dev/mapper/vg-root} if it is a volume,
 *     {@code PARTLABEL=usr} if its partition table names it
 */
public record GuestPartition(
    String device,
    int disk,
    int number,
    String uuid,
    String partUuid,
    String label,
    String fsType,
    Set<String> names) {

  private static final String MAPPER = "/dev/mapper/";
  private static final String ARRAY_LINK = "/dev/disk/by-id/md-uuid-";

  /** How {@code names} holds the name in the partition table. */
  public static final String PARTLABEL = "PARTLABEL=";

  /** Checks the numbers and that no text is null. */
  public GuestPartition {
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(uuid, "uuid");
    Objects.requireNonNull(partUuid, "partUuid");
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(fsType, "fsType");
    names = Set.copyOf(names);
    if (disk < -1) {
      throw new IllegalArgumentException("disk is below -1: " + disk);
    }
    if (number < 0 || (disk < 0 && number != 0)) {
      throw new IllegalArgumentException(
          "partition number " + number + " does not fit disk " + disk);
    }
  }

  /** Whether both are devices of one btrfs, which may lie on several. */
  public boolean sharesFileSystem(GuestPartition other) {
    return fsType.equals("btrfs")
        && other.fsType.equals("btrfs")
        && !uuid.isEmpty()
        && uuid.equals(other.uuid);
  }

  /** Whether a guest's name for a volume is this one's. */
  boolean isVolume(String name) {
    return disk < 0 && (names.contains(name) || (device.equals(name) && !isArray()));
  }

  /** The appliance gives arrays its own numbers, which the guest may have for others. */
  private boolean isArray() {
    return device.startsWith("/dev/md");
  }

  /** Whether it is a logical volume of LVM. */
  boolean isLogicalVolume() {
    return mapperName().isPresent();
  }

  /**
   * The device mapper's name of a logical volume, or of what is in an encrypted container, which
   * holds on every hypervisor.
   */
  Optional<String> mapperName() {
    if (device.startsWith(MAPPER)) {
      // Without names it has only the one that it was given here.
      return Optional.of(device).filter(name -> !names.isEmpty());
    }
    return disk < 0 && !isArray()
        ? names.stream().filter(name -> name.startsWith(MAPPER)).findFirst()
        : Optional.empty();
  }

  /** The identifier of the array that it is, as mdadm writes it. */
  public Optional<String> arrayUuid() {
    return names.stream()
        .filter(name -> name.startsWith(ARRAY_LINK) && !name.contains("-part"))
        .map(name -> name.substring(ARRAY_LINK.length()))
        .findFirst();
  }

  /** The place in an operator's words, such as {@code disk 2, partition 1 (ext4)}. */
  public String place() {
    String type = fsType.isEmpty() ? "" : " (" + fsType + ")";
    if (disk < 0) {
      return device + type;
    }
    return number == 0
        ? "disk " + (disk + 1) + type
        : "disk " + (disk + 1) + ", partition " + number + type;
  }
}
