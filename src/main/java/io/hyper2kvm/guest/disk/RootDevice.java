package io.hyper2kvm.guest.disk;

import java.util.Optional;

/**
 * What an unstable root device name meant. The inspection knows which file system the configuration
 * came from; where the guest counted its disks in another order than the VM does, that decides.
 */
public final class RootDevice {

  private RootDevice() {}

  public static Optional<GuestPartition> of(String device, GuestDisks disks) {
    if (DeviceNames.isMapperNumber(device)) {
      return disks.root().filter(GuestPartition::isLogicalVolume).or(() -> disks.resolve(device));
    }
    String name = DeviceNumber.name(device).orElse(device);
    Optional<GuestPartition> named = disks.resolve(name);
    // Only the order of the disks may differ; the partition's number says what the guest meant.
    Optional<GuestPartition> inspected =
        disks
            .root()
            .filter(root -> root.disk() >= 0)
            .filter(
                root -> DiskName.of(name).filter(d -> d.partition() == root.number()).isPresent());
    return disks.diskCount() == 1 ? named.or(() -> inspected) : inspected.or(() -> named);
  }
}
