package io.hyper2kvm.guest.lvm;

import io.hyper2kvm.guest.disk.DeviceNames;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A physical volume of LVM on one of the VM's disks.
 *
 * @param partition where it lies
 */
record LvmDevice(GuestPartition partition) {

  private static final int LETTERS = 26;
  private static final List<String> FAMILIES = List.of("sd", "hd", "xvd");

  /** The physical volumes that lie directly on disks; those on arrays keep their names. */
  static List<LvmDevice> of(GuestDisks disks) {
    return disks.partitions().stream()
        .filter(partition -> partition.fsType().equals("LVM2_member"))
        .filter(partition -> partition.disk() >= 0 && partition.disk() < LETTERS * LETTERS)
        .map(LvmDevice::new)
        .toList();
  }

  /** The names that it surely has on virtio. */
  List<String> namesOnKvm() {
    List<String> names = new ArrayList<>(List.of(kernelName("vd")));
    link().ifPresent(names::add);
    return names;
  }

  /** udev's link by the volume's own identifier; empty when that is none of LVM's form. */
  private Optional<String> link() {
    return partition.uuid().matches("[0-9A-Za-z-]{38}")
        ? Optional.of("/dev/disk/by-id/lvm-pv-uuid-" + partition.uuid())
        : Optional.empty();
  }

  /** The names that it may have had. */
  List<String> oldNames() {
    return FAMILIES.stream().map(this::kernelName).filter(DeviceNames::isUnstable).toList();
  }

  /** The names that it may have had below several paths to its disk. */
  List<String> multipathNames() {
    List<String> names = new ArrayList<>();
    String number = partition.number() == 0 ? "" : String.valueOf(partition.number());
    for (String part : number.isEmpty() ? List.of("") : List.of("", "p", "-part", "_part")) {
      names.add("/dev/mapper/mpath" + letters() + part + number);
      names.add("/dev/mapper/mpath" + partition.disk() + part + number);
    }
    return names;
  }

  /** The identifier as the devices file writes it: without hyphens. */
  String id() {
    return partition.uuid().replace("-", "");
  }

  private String letters() {
    int disk = partition.disk();
    return disk < LETTERS
        ? String.valueOf((char) ('a' + disk))
        : "" + (char) ('a' + disk / LETTERS - 1) + (char) ('a' + disk % LETTERS);
  }

  private String kernelName(String family) {
    return "/dev/" + family + letters() + (partition.number() == 0 ? "" : partition.number());
  }
}
