package io.hyper2kvm.stage.inspect.volume;

import io.hyper2kvm.guest.disk.DiskOrder;
import io.hyper2kvm.guest.disk.DiskSeat;
import io.hyper2kvm.stage.machine.DiskController;
import io.hyper2kvm.stage.machine.MachineDescription;
import io.hyper2kvm.stage.machine.MachineDisk;
import java.util.Optional;
import java.util.OptionalInt;

/** Makes the order in which a guest counts its disks of what its machine's description says. */
final class DescribedSeats {

  private DescribedSeats() {}

  /** The order of a machine's disks; without a description, that in which they were given. */
  static DiskOrder order(MachineDescription machine) {
    return machine.described()
        ? DiskOrder.described(machine.disks().stream().map(DescribedSeats::seat).toList())
        : DiskOrder.asGiven(machine.disks().size());
  }

  private static DiskSeat seat(MachineDisk disk) {
    Optional<DiskController> controller = disk.controller();
    return new DiskSeat(
        controller.map(c -> bus(c.bus())).orElse(DiskSeat.Bus.UNKNOWN),
        controller.map(DiskController::model).orElse(""),
        controller.map(c -> c.bus() + " " + c.address() + " " + c.id()).orElse(""),
        controller.map(DescribedSeats::address).orElse(OptionalInt.empty()),
        controller.map(DiskController::slot).orElse(OptionalInt.empty()),
        disk.unit());
  }

  private static DiskSeat.Bus bus(DiskController.Bus bus) {
    return switch (bus) {
      case IDE -> DiskSeat.Bus.IDE;
      case SATA -> DiskSeat.Bus.SATA;
      case SCSI -> DiskSeat.Bus.SCSI;
      case NVME -> DiskSeat.Bus.NVME;
      case VIRTIO -> DiskSeat.Bus.VIRTIO;
      case OTHER -> DiskSeat.Bus.OTHER;
    };
  }

  private static OptionalInt address(DiskController controller) {
    return controller.address().matches("\\d{1,6}")
        ? OptionalInt.of(Integer.parseInt(controller.address()))
        : OptionalInt.empty();
  }
}
