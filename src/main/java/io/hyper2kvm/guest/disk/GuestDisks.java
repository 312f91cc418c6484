package io.hyper2kvm.guest.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * All block devices of one VM, so that a name the guest wrote can be traced to the device it meant.
 *
 * @param partitions every partition, whole disk and volume the appliance found; stable references
 *     are checked against this list, so volumes (LVM, md) belong in it too
 * @param diskCount how many disks the VM has
 * @param root where the guest's root file system lies, if the inspection knows it: this is the file
 *     system the guest's configuration was read from, so it settles what {@code root=} meant
 * @param order which of the disks the guest's own names mean
 */
public record GuestDisks(
    List<GuestPartition> partitions,
    int diskCount,
    Optional<GuestPartition> root,
    DiskOrder order) {

  /** What blkid prints for any known file system; anything else would break the file it goes to. */
  private static final Pattern SAFE_ID = Pattern.compile("[0-9A-Za-z][0-9A-Za-z:._-]{1,63}");

  private static final String PART_OFFSET = "/PARTNROFF=";

  /** Checks that every partition lies on one of the disks. */
  public GuestDisks {
    partitions = List.copyOf(partitions);
    Objects.requireNonNull(root, "root");
    Objects.requireNonNull(order, "order");
    if (diskCount < 0) {
      throw new IllegalArgumentException("diskCount is negative: " + diskCount);
    }
    for (GuestPartition partition : partitions) {
      if (partition.disk() >= diskCount) {
        throw new IllegalArgumentException(
            partition.device() + " is on disk " + partition.disk() + " of " + diskCount);
      }
    }
  }

  /** The devices of a guest whose disks count as they were given. */
  public GuestDisks(List<GuestPartition> partitions, int diskCount, Optional<GuestPartition> root) {
    this(partitions, diskCount, root, DiskOrder.asGiven(diskCount));
  }

  /** The devices of a guest whose root file system is not known. */
  public GuestDisks(List<GuestPartition> partitions, int diskCount) {
    this(partitions, diskCount, Optional.empty());
  }

  /** The same devices, on disks that count in this order. */
  public GuestDisks withOrder(DiskOrder described) {
    return new GuestDisks(partitions, diskCount, root, described);
  }

  /** The same devices, with the file system that the guest's configuration was read from. */
  public GuestDisks withRoot(GuestPartition rootFileSystem) {
    return new GuestDisks(partitions, diskCount, Optional.of(rootFileSystem), order);
  }

  /**
   * The device a name means, as the guest wrote it: kernel names, links below {@code /dev/disk},
   * and {@code UUID= LABEL= PARTUUID=}. Disks are ordered as the VM orders them; a name that could
   * mean more than one device resolves to none.
   */
  public Optional<GuestPartition> resolve(String guestDeviceName) {
    Optional<DeviceTag> tag = DeviceTag.of(guestDeviceName);
    if (tag.isPresent()) {
      return resolve(tag.get());
    }
    if (DeviceNames.isUnstable(guestDeviceName)) {
      return order.place(guestDeviceName).flatMap(place -> at(place.disk(), place.partition()));
    }
    return only(p -> p.isVolume(guestDeviceName));
  }

  /**
   * Why a name does not resolve, as far as that lies at the order of the disks: the end of a
   * sentence.
   */
  public String whyUnresolved(String guestDeviceName) {
    return order
        .obstacle(guestDeviceName)
        .map(obstacle -> "it could not be traced to one device of this VM: " + obstacle)
        .orElse("it could not be traced to one device of this VM");
  }

  /**
   * The warning that belongs to a name that resolves only because something was assumed of the
   * order of the disks.
   *
   * @param use what the guest uses the name for, such as a mount point
   */
  public Optional<String> caution(String guestDeviceName, String use) {
    Optional<GuestPartition> meant = resolve(guestDeviceName);
    return order
        .caution(guestDeviceName)
        .filter(assumed -> meant.isPresent() && !meant.equals(root))
        .map(
            assumed ->
                "%s for %s is taken for %s, which is not certain: %s; compare it with the VM before the first start"
                    .formatted(guestDeviceName, use, meant.get().place(), assumed));
  }

  /**
   * The name that follows the partition to any hypervisor: {@code UUID=…}, else {@code PARTUUID=…};
   * empty if it has neither, or if another partition has the same.
   */
  public Optional<String> stableName(GuestPartition partition) {
    return uuidName(partition).or(() -> partUuidName(partition));
  }

  Optional<String> uuidName(GuestPartition partition) {
    return identifies(partition, GuestPartition::uuid)
        ? Optional.of("UUID=" + partition.uuid())
        : Optional.empty();
  }

  /** The only stable name the kernel itself understands, without an initramfs. */
  public Optional<String> partUuidName(GuestPartition partition) {
    return identifies(partition, GuestPartition::partUuid)
        ? Optional.of("PARTUUID=" + partition.partUuid())
        : Optional.empty();
  }

  private boolean identifies(
      GuestPartition partition, Function<GuestPartition, String> identifier) {
    String id = identifier.apply(partition);
    if (!SAFE_ID.matcher(id).matches()) {
      return false;
    }
    for (GuestPartition other : partitions) {
      boolean same = identifier.apply(other).equalsIgnoreCase(id) && !other.equals(partition);
      if (same && !sameBtrfs(partition, other)) {
        return false;
      }
    }
    return true;
  }

  private Optional<GuestPartition> resolve(DeviceTag tag) {
    String value = tag.value();
    return switch (tag.kind()) {
      case UUID -> only(p -> isId(p.uuid(), value));
      case LABEL -> only(p -> !value.isEmpty() && p.label().equals(value));
      case PARTUUID -> byPartUuid(value);
      case PARTLABEL -> Optional.empty();
    };
  }

  /** The kernel also takes {@code PARTUUID=id/PARTNROFF=n}: n partitions after the named one. */
  private Optional<GuestPartition> byPartUuid(String value) {
    int slash = value.indexOf(PART_OFFSET);
    if (slash < 0) {
      return only(p -> isId(p.partUuid(), value));
    }
    String number = value.substring(slash + PART_OFFSET.length());
    if (number.isEmpty()
        || number.length() > 3
        || !number.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    return only(p -> isId(p.partUuid(), value.substring(0, slash)))
        .flatMap(p -> at(p.disk(), p.number() + Integer.parseInt(number)));
  }

  private static boolean isId(String id, String value) {
    return !value.isEmpty() && id.equalsIgnoreCase(value);
  }

  private Optional<GuestPartition> at(int disk, int number) {
    return only(p -> p.disk() == disk && p.number() == number && disk >= 0);
  }

  /** The one device that matches; several members of one btrfs count as one. */
  private Optional<GuestPartition> only(Predicate<GuestPartition> wanted) {
    List<GuestPartition> found = new ArrayList<>();
    for (GuestPartition partition : partitions) {
      if (wanted.test(partition) && !found.contains(partition)) {
        found.add(partition);
      }
    }
    if (found.isEmpty()
        || !found.stream().allMatch(p -> p == found.get(0) || sameBtrfs(p, found.get(0)))) {
      return Optional.empty();
    }
    return Optional.of(found.get(0));
  }

  private static boolean sameBtrfs(GuestPartition one, GuestPartition other) {
    return one.fsType().equals("btrfs")
        && other.fsType().equals("btrfs")
        && !one.uuid().isEmpty()
        && one.uuid().equals(other.uuid());
  }
}
