package io.hyper2kvm.guest.disk;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
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
 * @param named what the guest's own tables settle about its names for disks
 */
public record GuestDisks(
    List<GuestPartition> partitions,
    int diskCount,
    Optional<GuestPartition> root,
    DiskOrder order,
    NamedDisks named) {

  /** What blkid prints for any known file system; anything else would break the file it goes to. */
  private static final Pattern SAFE_ID = Pattern.compile("[0-9A-Za-z][0-9A-Za-z:._-]{1,63}");

  private static final Set<String> ENCRYPTED = Set.of("crypto_LUKS", "BitLocker");

  private static final String OPENED = DeviceNames.BY_ID + "dm-uuid-CRYPT-LUKS";

  private static final String PART_OFFSET = "/PARTNROFF=";

  /** Checks that every partition lies on one of the disks. */
  public GuestDisks {
    partitions = List.copyOf(partitions);
    Objects.requireNonNull(root, "root");
    Objects.requireNonNull(order, "order");
    Objects.requireNonNull(named, "named");
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
    this(partitions, diskCount, root, DiskOrder.asGiven(diskCount), NamedDisks.NONE);
  }

  /** The devices of a guest whose root file system is not known. */
  public GuestDisks(List<GuestPartition> partitions, int diskCount) {
    this(partitions, diskCount, Optional.empty());
  }

  /** The same devices, on disks that count in this order. */
  public GuestDisks withOrder(DiskOrder described) {
    return new GuestDisks(partitions, diskCount, root, described, named);
  }

  /** The same devices, with the file system that the guest's configuration was read from. */
  public GuestDisks withRoot(GuestPartition rootFileSystem) {
    return new GuestDisks(partitions, diskCount, Optional.of(rootFileSystem), order, named);
  }

  /** The same devices and further volumes, which lie on no one disk. */
  public GuestDisks withVolumes(Collection<GuestPartition> volumes) {
    List<GuestPartition> all = new ArrayList<>(partitions);
    all.addAll(volumes);
    return new GuestDisks(all, diskCount, root, order, named);
  }

  /** The same devices, with what further names in the guest's tables are known to mean. */
  public GuestDisks withNames(Collection<NamedDisks.Anchor> anchors, Collection<String> names) {
    return new GuestDisks(
        partitions, diskCount, root, order, named.with(anchors, names, order, diskCount));
  }

  /**
   * The same devices, with the names that the guest's mdadm.conf gives its arrays.
   *
   * @param nameByUuid device name by the array's UUID as mdadm writes it
   */
  public GuestDisks withArrayNames(Map<String, String> nameByUuid) {
    if (nameByUuid.isEmpty()) {
      return this;
    }
    List<GuestPartition> renamed =
        partitions.stream().map(p -> VolumeNames.renamed(p, nameByUuid)).toList();
    Optional<GuestPartition> sameRoot = root.map(r -> renamed.get(partitions.indexOf(r)));
    return new GuestDisks(renamed, diskCount, sameRoot, order, named);
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
    if (DeviceNames.isMapperNumber(guestDeviceName)) {
      return onlyVolume(guestDeviceName);
    }
    if (DeviceNames.isUnstable(guestDeviceName)) {
      return DiskName.of(guestDeviceName).flatMap(this::resolve);
    }
    return only(p -> p.isVolume(guestDeviceName));
  }

  private Optional<GuestPartition> resolve(DiskName name) {
    OptionalInt settled = named.disk(name);
    if (settled.isPresent()) {
      return at(settled.getAsInt(), name.partition());
    }
    if (named.isOutOfOrder(name.family())) {
      return Optional.empty();
    }
    return order.place(name.disk()).flatMap(place -> at(place.disk(), name.partition()));
  }

  /** Whether it holds the root file system, as each device of a btrfs on several does. */
  public boolean isRoot(GuestPartition partition) {
    return root.filter(r -> r.equals(partition) || r.sharesFileSystem(partition)).isPresent();
  }

  /**
   * The device that a name for the root means. Where the root is a btrfs on several devices, only
   * the order of the disks tells which of them; it may not.
   */
  public Optional<GuestPartition> rootNamed(String device) {
    boolean shared = partitions.stream().filter(this::isRoot).count() > 1;
    return resolve(device).filter(this::isRoot).or(() -> shared ? Optional.empty() : root);
  }

  /** The first number of the device mapper, where the guest has one volume and nothing else. */
  private Optional<GuestPartition> onlyVolume(String mapperNumber) {
    List<GuestPartition> volumes =
        partitions.stream().filter(GuestPartition::isLogicalVolume).toList();
    boolean sure = volumes.size() == 1 && mapperNumber.endsWith("-0") && !mayHideVolumes();
    return sure ? Optional.of(volumes.get(0)) : Optional.empty();
  }

  /** Whether there is an encrypted volume, in which others may lie that are not known. */
  boolean mayHideVolumes() {
    return partitions.stream().anyMatch(p -> ENCRYPTED.contains(p.fsType()) && !isOpened(p));
  }

  /** Whether what is in an encrypted volume is among the devices, by the guest's name for it. */
  private boolean isOpened(GuestPartition container) {
    String id = container.uuid().replace("-", "").toLowerCase(Locale.ROOT);
    return !id.isEmpty()
        && partitions.stream()
            .flatMap(partition -> partition.names().stream())
            .anyMatch(name -> name.startsWith(OPENED) && name.contains("-" + id + "-"));
  }

  /** Whether the guest's tables settle which disk an unstable name means, whatever their order. */
  public boolean settles(String name) {
    return DiskName.of(name).filter(named::settles).isPresent();
  }

  /** Whether the name is of a kind that is known not to follow the order of the disks. */
  public boolean isOutOfOrder(String name) {
    return DiskName.of(name).map(DiskName::family).filter(named::isOutOfOrder).isPresent();
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
    boolean certain = DiskName.of(guestDeviceName).filter(named::isCertain).isPresent();
    return order
        .caution(guestDeviceName)
        .filter(assumed -> !certain)
        .filter(assumed -> meant.filter(m -> !isRoot(m)).isPresent())
        .map(
            assumed ->
                "%s for %s is taken for %s, which is not certain: %s; compare it with the VM before the first start"
                    .formatted(guestDeviceName, use, meant.get().place(), assumed));
  }

  /**
   * The name that follows the partition to any hypervisor: {@code UUID=…}, else {@code PARTUUID=…};
   * a logical volume's own name; empty if it has none, or if another partition has the same.
   */
  public Optional<String> stableName(GuestPartition partition) {
    return partition.mapperName().or(() -> uuidName(partition)).or(() -> partUuidName(partition));
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
      if (same && !partition.sharesFileSystem(other)) {
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
      case PARTLABEL ->
          only(p -> !value.isEmpty() && p.names().contains(GuestPartition.PARTLABEL + value));
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
        || !found.stream().allMatch(p -> p == found.get(0) || p.sharesFileSystem(found.get(0)))) {
      return Optional.empty();
    }
    return Optional.of(found.get(0));
  }
}
