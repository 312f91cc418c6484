package io.hyper2kvm.stage.load;

import io.hyper2kvm.image.hardware.HardwareCard;
import io.hyper2kvm.image.hardware.HardwareController;
import io.hyper2kvm.image.hardware.HardwareDisk;
import io.hyper2kvm.image.hardware.VirtualHardware;
import io.hyper2kvm.stage.machine.DiskController;
import io.hyper2kvm.stage.machine.MachineDescription;
import io.hyper2kvm.stage.machine.MachineDisk;
import io.hyper2kvm.stage.machine.NetworkCard;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the description of a machine from what its description says of it. */
final class DescribedMachine {

  private DescribedMachine() {}

  /**
   * The machine of a VM.
   *
   * @param hardware what came with its disks, if anything did; its disks are the VM's, in their
   *     order
   * @param sectorSizes of the VM's disks, in bytes
   */
  static MachineDescription of(Optional<VirtualHardware> hardware, List<Integer> sectorSizes) {
    return hardware
        .map(machine -> of(machine, sectorSizes))
        .orElseGet(
            () ->
                MachineDescription.ofDisks(
                    sectorSizes.stream().map(MachineDisk::anywhere).toList()));
  }

  private static MachineDescription of(VirtualHardware hardware, List<Integer> sectorSizes) {
    List<MachineDisk> disks = new ArrayList<>();
    for (HardwareDisk disk : hardware.disks()) {
      disks.add(disk(disk, sectorSizes.get(disks.size())));
    }
    return new MachineDescription(
        true,
        hardware.name(),
        hardware.hardware(),
        hardware.guestOs(),
        hardware.memory(),
        hardware.cpus(),
        hardware.coresPerSocket(),
        hardware.firmware().map(DescribedMachine::firmware),
        hardware.secureBoot(),
        hardware.tpm(),
        "",
        hardware.bootDisk().orElse(0),
        disks,
        hardware.cards().stream().map(DescribedMachine::card).toList(),
        hardware.drives().stream().map(DescribedMachine::drive).toList());
  }

  private static MachineDisk disk(HardwareDisk disk, int sectorSize) {
    return new MachineDisk(
        sectorSize,
        disk.id(),
        disk.capacity(),
        disk.controller().map(DescribedMachine::controller),
        disk.unit());
  }

  private static DiskController controller(HardwareController controller) {
    DiskController.Bus bus =
        switch (controller.kind()) {
          case IDE -> DiskController.Bus.IDE;
          case SATA -> DiskController.Bus.SATA;
          case SCSI -> DiskController.Bus.SCSI;
          case NVME -> DiskController.Bus.NVME;
          case VIRTIO -> DiskController.Bus.VIRTIO;
          case OTHER -> DiskController.Bus.OTHER;
        };
    return new DiskController(
        bus, controller.model(), controller.address(), controller.slot(), controller.id());
  }

  private static NetworkCard card(HardwareCard card) {
    return new NetworkCard(
        card.mac(),
        card.model(),
        card.network(),
        card.address(),
        card.connected(),
        Optional.empty(),
        card.slot());
  }

  private static MachineDescription.Firmware firmware(VirtualHardware.Firmware firmware) {
    return switch (firmware) {
      case BIOS -> MachineDescription.Firmware.BIOS;
      case UEFI -> MachineDescription.Firmware.UEFI;
    };
  }

  private static MachineDescription.Drive drive(VirtualHardware.Drive drive) {
    return switch (drive) {
      case CD -> MachineDescription.Drive.CD;
      case FLOPPY -> MachineDescription.Drive.FLOPPY;
    };
  }
}
