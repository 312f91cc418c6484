package io.hyper2kvm.image.ova.ovf;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The virtual machine of an OVF description: its hardware, as the hypervisor had it. What the
 * description does not say is empty.
 *
 * @param name the machine's name; may be empty
 * @param hardware the hardware family, e.g. {@code vmx-19}, {@code virtualbox-2.2}; may be empty
 * @param memory in bytes
 * @param cpus virtual processors altogether
 * @param coresPerSocket virtual processors in one socket
 * @param firmware by what it starts
 * @param secureBoot whether its firmware starts signed loaders only
 * @param disks in the order of the hardware
 * @param cards in the order of the hardware
 * @param drives CD and floppy drives
 */
public record OvfMachine(
    String name,
    String hardware,
    OptionalLong memory,
    OptionalInt cpus,
    OptionalInt coresPerSocket,
    Optional<Firmware> firmware,
    boolean secureBoot,
    List<OvfDisk> disks,
    List<OvfCard> cards,
    List<Drive> drives) {

  /** By what a machine starts. */
  public enum Firmware {
    BIOS,
    UEFI
  }

  /** A drive for media that can be taken out. */
  public enum Drive {
    CD,
    FLOPPY
  }

  public OvfMachine {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(hardware, "hardware");
    Objects.requireNonNull(memory, "memory");
    Objects.requireNonNull(cpus, "cpus");
    Objects.requireNonNull(coresPerSocket, "coresPerSocket");
    Objects.requireNonNull(firmware, "firmware");
    disks = List.copyOf(disks);
    cards = List.copyOf(cards);
    drives = List.copyOf(drives);
  }
}
