package io.hyper2kvm.tool.boot;

import java.util.Objects;
import java.util.Set;

/**
 * How the disks and the network card of a boot are attached.
 *
 * @param bus the bus of the disks
 * @param card the model of the card: {@code virtio}, {@code e1000e}, {@code e1000}, {@code rtl8139}
 *     or {@code vmxnet3}
 */
public record BootDevices(Bus bus, String card) {

  /** The bus of a disk. */
  public enum Bus {
    VIRTIO,
    SCSI,
    SATA,
    IDE
  }

  /** The ports of an AHCI controller; the machine has one. */
  static final int SATA_PORTS = 6;

  private static final Set<String> CARDS =
      Set.of("virtio", "e1000e", "e1000", "rtl8139", "vmxnet3");

  /** What a fixed guest is given. */
  public static final BootDevices VIRTIO = new BootDevices(Bus.VIRTIO, "virtio");

  public BootDevices {
    Objects.requireNonNull(bus, "bus");
    if (!CARDS.contains(card)) {
      throw new IllegalArgumentException("card is not one of " + CARDS + ": " + card);
    }
  }

  /** The machine that has this bus: {@code q35} has no IDE. */
  String machine() {
    return bus == Bus.IDE ? "pc" : "q35";
  }

  /** The card as QEMU calls its device. */
  String cardDevice() {
    return card.equals("virtio") ? "virtio-net-pci" : card;
  }

  /**
   * A disk as QEMU calls its device, with its place on the bus.
   *
   * @param index the disk's, from 0
   */
  String diskDevice(int index) {
    return switch (bus) {
      case VIRTIO -> "virtio-blk-pci";
      case SCSI -> "scsi-hd,bus=scsi0.0";
      case SATA ->
          index < SATA_PORTS
              ? "ide-hd,bus=ide.%d".formatted(index)
              : "ide-hd,bus=ahci%d.%d".formatted(index / SATA_PORTS, index % SATA_PORTS);
      case IDE -> "ide-hd,bus=ide.%d,unit=%d".formatted(index / 2, index % 2);
    };
  }
}
