package io.hyper2kvm.stage.machine;

import java.util.Objects;

/**
 * The controller that a disk is attached to.
 *
 * @param bus its kind
 * @param model as the machine's description calls it, e.g. {@code lsilogic}; may be empty
 * @param address which of its kind, as the description says; may be empty
 */
public record DiskController(Bus bus, String model, String address) {

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
  }
}
