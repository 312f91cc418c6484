package io.hyper2kvm.guest.disk;

import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Where one disk of a VM was attached, as the VM's description tells it.
 *
 * @param bus what kind of controller; decides which names Linux gives
 * @param model the controller's model, which decides the driver; may be empty
 * @param controller tells the controller from others of the VM
 * @param address the controller's number among those of its kind
 * @param slot the controller's place on the PCI bus as VMware numbers it
 * @param unit the disk's place on the controller
 */
public record DiskSeat(
    Bus bus,
    String model,
    String controller,
    OptionalInt address,
    OptionalInt slot,
    OptionalInt unit) {

  /** What a disk is attached to. */
  public enum Bus {
    IDE,
    SATA,
    SCSI,
    NVME,
    VIRTIO,
    OTHER,
    /** Nothing is said of a controller. */
    UNKNOWN
  }

  /** VMware's first four numbers of 32 and more are another bridge's. */
  private static final int BRIDGE = 32;

  private static final int FUNCTION = 1024;

  public DiskSeat {
    Objects.requireNonNull(bus, "bus");
    Objects.requireNonNull(controller, "controller");
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(slot, "slot");
    Objects.requireNonNull(unit, "unit");
    model = model.toLowerCase(Locale.ROOT);
  }

  /** What Linux calls such a disk; empty when it may have any name. */
  String family() {
    return switch (bus) {
      case IDE, SATA, SCSI, OTHER -> "sd";
      case NVME -> "nvme";
      case VIRTIO -> model.contains("scsi") ? "sd" : "vd";
      case UNKNOWN -> "";
    };
  }

  /** The controllers that one driver serves, in words for an operator. */
  String driver() {
    return switch (bus) {
      case SCSI -> model.isEmpty() ? "SCSI" : "SCSI (" + model + ")";
      case IDE, SATA -> bus.name();
      case NVME -> "NVMe";
      case VIRTIO -> "virtio";
      case OTHER -> model.isEmpty() ? "another bus" : model;
      case UNKNOWN -> "an unknown bus";
    };
  }

  /**
   * A number that is lower the earlier Linux finds the controller on the bus: first what is on the
   * first bus itself, then bridge by bridge; a bridge of VMware's has several functions.
   */
  OptionalInt busPlace() {
    if (slot.isEmpty()) {
      return slot;
    }
    int number = slot.getAsInt();
    int bridge = number % FUNCTION / BRIDGE;
    int function = number / FUNCTION;
    return OptionalInt.of((bridge * FUNCTION + function) * BRIDGE + number % BRIDGE);
  }
}
