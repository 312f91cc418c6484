package io.hyper2kvm.image.hardware;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * What a disk or a drive was attached to.
 *
 * @param kind the bus
 * @param model as the description calls it, e.g. {@code lsilogic}, {@code VirtualSCSI}; may be
 *     empty
 * @param address which of its kind, as the description says; may be empty
 * @param slot VMware's number of its place on the PCI bus, when that is said
 * @param id its item's id, which tells it from one with the same address; may be empty
 */
public record HardwareController(
    Kind kind, String model, String address, OptionalInt slot, String id) {

  /** The bus of a controller, in the order of vSphere's device keys. */
  public enum Kind {
    IDE,
    SCSI,
    SATA,
    NVME,
    VIRTIO,
    OTHER
  }

  public HardwareController {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(slot, "slot");
    Objects.requireNonNull(id, "id");
  }

  /** The address as a number; empty when it is none. */
  OptionalInt number() {
    return number(address);
  }

  /** A whole number, decimal or as {@code 0x1f}; empty for anything else. */
  public static OptionalInt number(String text) {
    if (text.matches("\\d{1,6}")) {
      return OptionalInt.of(Integer.parseInt(text));
    }
    return text.matches("0x[0-9a-fA-F]{1,5}")
        ? OptionalInt.of(Integer.parseInt(text.substring(2), 16))
        : OptionalInt.empty();
  }
}
