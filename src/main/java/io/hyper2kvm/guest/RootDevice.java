package io.hyper2kvm.guest;

import java.util.Optional;

/**
 * What an unstable root device name meant. The inspection knows which file system the configuration
 * came from; where the guest counted its disks in another order than the VM does, that decides.
 */
final class RootDevice {

  private RootDevice() {}

  static Optional<GuestPartition> of(String device, GuestDisks disks) {
    Optional<GuestPartition> named = disks.resolve(device);
    if (disks.root().isEmpty() || disks.root().get().disk() < 0 || disks.diskCount() == 1) {
      return named.or(disks::root).filter(p -> named.isPresent() || fits(device, p, disks));
    }
    GuestPartition root = disks.root().get();
    return fits(device, root, disks) ? Optional.of(root) : named;
  }

  /** Whether the name can mean this partition if only the order of the disks differs. */
  private static boolean fits(String device, GuestPartition root, GuestDisks disks) {
    return DevicePlace.partitionOf(device) == root.number();
  }
}
