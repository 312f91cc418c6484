package io.hyper2kvm.stage.machine;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * The controller that a disk is attached to.
 *
 * @param bus its kind
 * @param model as the machine's description calls it, e.g. {@code lsilogic}; may be empty
 * @param address which of its kind, as the description says; may be empty
 * @param slot VMware's number of its place on the PCI bus, when that is said
 * @param id its name in the description, which tells it from one with the same address; may be
 *     empty
 */
public record DiskController(Bus bus, String model, String address, OptionalInt slot, String id) {

  /** The bus of a controller. */
  public enum Bus {
    IDE,
    SATA,
    SCSI,
    NVME,
    VIRTIO,
    OTHER
  }

  public DiskController {
    Objects.requireNonNull(bus, "bus");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(slot, "slot");
    Objects.requireNonNull(id, "id");
  }
}
