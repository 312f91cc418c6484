package io.hyper2kvm.image.ova.ovf;

import java.util.Objects;

/**
 * What a disk or a drive was attached to.
 *
 * @param kind the bus
 * @param model as the description calls it, e.g. {@code lsilogic}, {@code VirtualSCSI}; may be
 *     empty
 * @param address which of its kind, as the description says; may be empty
 */
public record OvfController(Kind kind, String model, String address) {

  /** The bus of a controller. */
  public enum Kind {
    IDE,
    SATA,
    SCSI,
    NVME,
    VIRTIO,
    OTHER
  }

  public OvfController {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(address, "address");
  }
}
