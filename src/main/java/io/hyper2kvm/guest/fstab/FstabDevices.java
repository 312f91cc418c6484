package io.hyper2kvm.guest.fstab;

import io.hyper2kvm.guest.disk.DeviceNames;
import io.hyper2kvm.guest.disk.DiskName;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.disk.RootDevice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the unstable names in one fstab mean, seen together. On a VM with one disk a name is
 * certain. With several, the table itself shows where the guest counted its disks in another order
 * than the VM does: two kinds of name, two controllers, a file system of another type, or two rows
 * that would mount the same file system. Such a row stays: a wrong file system at a mount point is
 * worse than one that is missing.
 */
final class FstabDevices {

  /**
   * The new name with the reason for it, or no name with the reason against it.
   *
   * @param caution what an operator must know of the new name
   */
  record Resolution(Optional<String> name, String reason, Optional<String> caution) {

    static Resolution none(String reason) {
      return new Resolution(Optional.empty(), reason, Optional.empty());
    }
  }

  private final GuestDisks disks;
  private final Set<String> kernelFamilies = new HashSet<>();
  private final Set<String> controllers = new HashSet<>();

  /** The two spellings of highest standing for each stable name: enough to find a rival. */
  private final Map<String, List<String>> claims = new HashMap<>();

  /**
   * The devices of a table.
   *
   * @param text the whole table
   * @param rows its rows
   */
  FstabDevices(String text, List<Fstab.Row> rows, GuestDisks disks) {
    this.disks = TableNames.learned(text, rows, disks);
    for (Fstab.Row row : rows) {
      boolean ordered =
          DeviceNames.isKernelName(row.device()) || DeviceNames.isByPath(row.device());
      if (ordered && !row.isOptical() && !disks.order().counts(row.device())) {
        DiskName.of(row.device())
            .map(DiskName::family)
            .ifPresent(family -> families(row).add(family));
      }
    }
    for (Fstab.Row row : rows) {
      if (doubt(row).isEmpty()) {
        partition(row).flatMap(this.disks::stableName).ifPresent(n -> claim(n, row.device()));
      }
    }
  }

  private Set<String> families(Fstab.Row row) {
    return DeviceNames.isByPath(row.device()) ? controllers : kernelFamilies;
  }

  /** The device of a row; empty when it is not sure. */
  Optional<GuestPartition> sure(Fstab.Row row) {
    return doubt(row).isPresent() ? Optional.empty() : partition(row);
  }

  private void claim(String name, String device) {
    List<String> spellings = claims.computeIfAbsent(name, n -> new ArrayList<>());
    if (!spellings.contains(device)) {
      spellings.add(device);
      spellings.sort(
          Comparator.comparingInt(FstabDevices::standing).reversed().thenComparing(d -> d));
      if (spellings.size() > 2) {
        spellings.remove(2);
      }
    }
  }

  Resolution resolve(Fstab.Row row) {
    Optional<String> doubt = doubt(row);
    if (doubt.isPresent()) {
      return Resolution.none(doubt.get());
    }
    Optional<GuestPartition> partition = partition(row);
    if (partition.isEmpty()) {
      return Resolution.none(disks.whyUnresolved(row.device()));
    }
    Optional<String> name = disks.stableName(partition.get());
    if (name.isEmpty()) {
      return Resolution.none(
          "it is " + partition.get().place() + ", which has no unique UUID or PARTUUID");
    }
    Optional<String> rival = rival(row, name.get());
    if (rival.isPresent()) {
      return Resolution.none(
          "it would be " + partition.get().place() + ", but so would " + rival.get());
    }
    return new Resolution(
        name,
        row.device() + " can change between hypervisors; it is " + partition.get().place(),
        partition.filter(disks::isRoot).isPresent()
            ? Optional.empty()
            : disks.caution(row.device(), row.mountPoint()));
  }

  private Optional<GuestPartition> partition(Fstab.Row row) {
    if (!row.isRoot() || !DeviceNames.isUnstable(row.device())) {
      return disks.resolve(row.device());
    }
    // The table lies on the inspected root: with several disks, a name that leads elsewhere is
    // either stale or counted in an order we do not know.
    boolean known = disks.diskCount() > 1 && disks.root().filter(r -> r.disk() >= 0).isPresent();
    return RootDevice.of(row.device(), disks)
        .filter(partition -> !known || disks.isRoot(partition));
  }

  private Optional<String> doubt(Fstab.Row row) {
    if (!DeviceNames.isUnstable(row.device())) {
      return Optional.empty();
    }
    if (row.isRoot() && partition(row).filter(disks::isRoot).isPresent()) {
      return Optional.empty();
    }
    return order(row).or(() -> contradiction(row));
  }

  /** Why the order of the disks does not tell what the row's device is. */
  private Optional<String> order(Fstab.Row row) {
    if (disks.settles(row.device())) {
      return Optional.empty();
    }
    if (disks.isOutOfOrder(row.device())) {
      return Optional.of(
          "the root file system is not on the disk its name says, so the order of the disks is"
              + " not known");
    }
    Set<String> families = families(row);
    if (disks.diskCount() > 1 && families.size() > 1) {
      List<String> sorted = new ArrayList<>(families);
      sorted.sort(null);
      return Optional.of(
          "this VM has several disks and the table names them by "
              + String.join(" and ", sorted.subList(0, Math.min(sorted.size(), 4)))
              + ", which cannot be ordered against each other");
    }
    return Optional.empty();
  }

  private Optional<String> contradiction(Fstab.Row row) {
    return partition(row)
        .filter(p -> FileSystemFamily.differ(p.fsType(), row.type()))
        .map(
            p ->
                "by "
                    + (disks.settles(row.device())
                        ? "the row of the root file system"
                        : "the order of the disks")
                    + " it would be "
                    + p.place()
                    + ", but the row says "
                    + row.type());
  }

  /** Another spelling with at least the same standing that leads to the same file system. */
  private Optional<String> rival(Fstab.Row row, String name) {
    boolean subvolume = row.options().contains("subvol=") || row.options().contains("subvolid=");
    if (disks.diskCount() <= 1
        || subvolume
        || (row.isRoot() && partition(row).filter(disks::isRoot).isPresent())) {
      return Optional.empty();
    }
    return claims.getOrDefault(name, List.of()).stream()
        .filter(device -> !device.equals(row.device()))
        .filter(device -> standing(device) >= standing(row.device()))
        .findFirst();
  }

  private static int standing(String device) {
    if (!DeviceNames.isUnstable(device)) {
      return 3;
    }
    return DeviceNames.isKernelName(device) ? 2 : DeviceNames.isByPath(device) ? 1 : 0;
  }
}
