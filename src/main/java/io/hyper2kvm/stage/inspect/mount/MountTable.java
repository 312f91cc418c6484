package io.hyper2kvm.stage.inspect.mount;

import io.hyper2kvm.guest.btrfs.Subvolume;
import io.hyper2kvm.guest.btrfs.Subvolumes;
import io.hyper2kvm.guest.disk.DeviceNames;
import io.hyper2kvm.guest.disk.DeviceTag;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.fstab.Fstab;
import io.hyper2kvm.stage.inspect.volume.GuestVolumes;
import io.hyper2kvm.text.Printable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a guest mounts beside its root, from fstab and from systemd's mount units: the file systems
 * that are read or written here, and those that cannot be.
 *
 * <p>Bind mounts, network file systems and images are not mounted here. A row with {@code noauto}
 * or {@code nofail} is mounted like any other.
 */
final class MountTable {

  /** Where that lies which the fixes read and write; a point comes before those below it. */
  private static final Set<String> READ =
      Set.of(
          "/boot",
          "/boot/efi",
          "/boot/firmware",
          "/boot/grub",
          "/boot/grub2",
          "/efi",
          "/usr",
          "/var",
          "/var/lib");

  /** Without these files the fixes would decide from half a guest. */
  private static final Set<String> NEEDED = Set.of("/boot", "/usr", "/var", "/var/lib");

  /** More subvolumes than any distribution mounts, and bounded. */
  private static final int MOST_PARTS = 64;

  private static final Set<String> NO_FILES =
      Set.of("tmpfs", "ramfs", "devtmpfs", "proc", "sysfs", "swap");
  private static final Set<String> NETWORKS =
      Set.of("nfs", "nfs4", "cifs", "smb3", "smbfs", "glusterfs", "ceph", "9p", "virtiofs", "afs");
  private static final Set<String> NO_FILE_SYSTEMS =
      Set.of("", "swap", "crypto_LUKS", "LVM2_member", "linux_raid_member", "BitLocker");
  private static final Pattern POINT = Pattern.compile("/[A-Za-z0-9_-][A-Za-z0-9._/-]{0,100}");
  private static final Pattern VOLUME =
      Pattern.compile("/dev/[A-Za-z0-9+_.-]{1,127}/[A-Za-z0-9+_.-]{1,127}");

  /**
   * A row of fstab, or a unit that says the same.
   *
   * @param file where it stands
   * @param row what it says
   */
  record Source(String file, Fstab.Row row) {

    boolean mayBeMissing() {
      return row.hasOption("nofail") || row.hasOption("noauto") || row.hasOption("_netdev");
    }

    /** Where the row stands and what it says, for a message. */
    String words() {
      return Printable.guestLine(
          "line %d of %s mounts %s at %s"
              .formatted(row.line(), file, row.device(), row.mountPoint()));
    }
  }

  /**
   * A file system to be mounted here.
   *
   * @param source what asks for it
   * @param partition what is mounted
   * @param subvolume the part of a btrfs; empty for the whole of another file system
   * @param read whether the fixes read and write what lies there
   */
  record Wanted(
      Source source, GuestPartition partition, Optional<Subvolume> subvolume, boolean read) {}

  private final GuestVolumes volumes;
  private final Map<String, Source> byPoint = new LinkedHashMap<>();
  private final SortedMap<String, Wanted> wanted = new TreeMap<>();
  private final Map<String, Source> data = new LinkedHashMap<>();
  private final List<String> refusals = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  /** The mounts of a guest. */
  MountTable(GuestVolumes volumes, List<Source> sources) {
    this.volumes = volumes;
    // systemd takes the first row of a mount point.
    sources.forEach(source -> byPoint.putIfAbsent(point(source.row()), source));
    byPoint.forEach(this::add);
  }

  private static String point(Fstab.Row row) {
    String point = row.mountPoint().replaceAll("/{2,}", "/");
    return point.length() > 1 && point.endsWith("/")
        ? point.substring(0, point.length() - 1)
        : point;
  }

  private void add(String point, Source source) {
    Fstab.Row row = source.row();
    if (row.isRoot() || NO_FILES.contains(row.type()) || !point.startsWith("/")) {
      return;
    }
    Optional<GuestPartition> partition = volumes.resolve(row.device());
    boolean esp = partition.filter(volumes.efiSystemPartitions()::contains).isPresent();
    boolean plain = POINT.matcher(point).matches() && !climbs(point);
    boolean read = READ.contains(point) || (esp && plain);
    if (!read && plain && isPartOfRoot(row, partition)) {
      subvolume(point, source, partition.get(), false);
    } else if (!read) {
      partition.ifPresent(device -> data.putIfAbsent(device.device(), source));
      if (partition.isEmpty() && isVolume(row.device()) && !source.mayBeMissing()) {
        missingVolume(source);
      }
    } else if (isElsewhere(row)) {
      warnings.add(source.words() + ", which is not done here: nothing in it was looked at");
    } else if (partition.isEmpty()) {
      unresolved(point, source, "which is no device of this VM, or several");
    } else if (NO_FILE_SYSTEMS.contains(partition.get().fsType())) {
      unresolved(
          point,
          source,
          "which is " + partition.get().place() + " and holds no file system that is known here");
    } else {
      subvolume(point, source, partition.get(), true);
    }
  }

  /** Whether it is another subvolume of the root's file system, which belongs to its tree. */
  private boolean isPartOfRoot(Fstab.Row row, Optional<GuestPartition> partition) {
    return !isElsewhere(row)
        && !row.hasOption("noauto")
        && wanted.size() < MOST_PARTS
        && partition
            .filter(it -> volumes.guestDisks().isRoot(it) && volumes.subvolumes(it).isPresent())
            .isPresent();
  }

  private void subvolume(String point, Source source, GuestPartition partition, boolean read) {
    Optional<Subvolumes> subvolumes = volumes.subvolumes(partition);
    if (subvolumes.isEmpty()) {
      wanted.put(point, new Wanted(source, partition, Optional.empty(), read));
      return;
    }
    byte[] options = source.row().options().getBytes(StandardCharsets.ISO_8859_1);
    Subvolumes.Mounted mounted =
        subvolumes.get().mounted(new String(options, StandardCharsets.UTF_8));
    if (mounted.subvolume().isPresent()) {
      wanted.put(point, new Wanted(source, partition, mounted.subvolume(), read));
    } else if (read) {
      unresolved(
          point,
          source,
          "which is %s, and %s: the guest does not mount it"
              .formatted(partition.place(), Printable.guestLine(mounted.problem())));
    } else if (!source.mayBeMissing()) {
      warnings.add(
          source.words()
              + ", which is %s, and %s: the guest does not mount it; correct the row in the guest"
                  .formatted(partition.place(), Printable.guestLine(mounted.problem())));
    }
  }

  private void missingVolume(Source source) {
    if (!volumes.hasEncrypted()) {
      warnings.add(
          source.words()
              + ", which could not be traced to a volume of this VM: without it the guest would"
              + " wait at boot; is a disk missing?");
    }
  }

  /** Whether it can only be a logical volume or an array. */
  private static boolean isVolume(String device) {
    return device.startsWith("/dev/md")
        || (VOLUME.matcher(device).matches()
            && DeviceTag.of(device).isEmpty()
            && !DeviceNames.isUnstable(device)
            && !device.startsWith("/dev/disk/"));
  }

  private static boolean climbs(String point) {
    return List.of(point.split("/")).contains("..");
  }

  private void unresolved(String point, Source source, String problem) {
    String words = source.words() + ", " + problem;
    if (point.endsWith("/efi")) {
      warnings.add(words + "; an EFI system partition is taken by its type instead");
    } else if (!NEEDED.contains(point) || source.mayBeMissing()) {
      warnings.add(words + ": nothing in it was looked at");
    } else if (!point.equals("/boot") && volumes.hasEncrypted()) {
      warnings.add(words + "; it may be an encrypted one: nothing in it was looked at");
    } else {
      refusals.add(words);
    }
  }

  /** Bind mounts, images and what lies on the network. */
  private static boolean isElsewhere(Fstab.Row row) {
    String device = row.device();
    return row.hasOption("bind")
        || row.hasOption("rbind")
        || row.hasOption("loop")
        || NETWORKS.contains(row.type())
        || row.type().startsWith("fuse")
        || row.type().equals("overlay")
        || device.startsWith("//")
        || (device.startsWith("/") && !device.startsWith("/dev/"))
        || (!device.startsWith("/") && device.indexOf(":/") > 0);
  }

  /** What is to be mounted, by its mount point, in the order of mounting. */
  SortedMap<String, Wanted> wanted() {
    return wanted;
  }

  /** All mount points of rows and units. */
  Set<String> points() {
    return byPoint.keySet();
  }

  /** The row that mounts a device whose files are not read here. */
  Optional<Source> dataRow(GuestPartition partition) {
    return Optional.ofNullable(data.get(partition.device()));
  }

  /** The rows without which a guest cannot be fixed, and that name nothing to mount. */
  List<String> refusals() {
    return refusals;
  }

  /** The other rows of which nothing is looked at. */
  List<String> warnings() {
    return warnings;
  }
}
