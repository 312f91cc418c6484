package io.hyper2kvm.image.hardware;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The virtual machine that a description describes: its hardware, as the hypervisor had it. What
 * the description does not say is empty.
 *
 * @param name the machine's name; may be empty
 * @param hardware the hardware family, e.g. {@code vmx-19}, {@code virtualbox-2.2}; may be empty
 * @param guestOs the guest's system as the description calls it, e.g. {@code debian12-64}; may be
 *     empty
 * @param memory in bytes
 * @param cpus virtual processors altogether
 * @param coresPerSocket virtual processors in one socket
 * @param firmware by what it starts
 * @param secureBoot whether its firmware starts signed loaders only
 * @param tpm whether it has a virtual TPM
 * @param disks in the order of the hardware
 * @param bootDisk the index of the one that its BIOS starts first, where somebody chose one
 * @param cards in the order of the hardware
 * @param drives CD and floppy drives
 */
public record VirtualHardware(
    String name,
    String hardware,
    String guestOs,
    OptionalLong memory,
    OptionalInt cpus,
    OptionalInt coresPerSocket,
    Optional<Firmware> firmware,
    boolean secureBoot,
    boolean tpm,
    List<HardwareDisk> disks,
    OptionalInt bootDisk,
    List<HardwareCard> cards,
    List<Drive> drives) {

  /** The most disks that are taken of one machine: as many as a manifest may name. */
  public static final int MOST_DISKS = 64;

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

  public VirtualHardware {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(hardware, "hardware");
    Objects.requireNonNull(guestOs, "guestOs");
    Objects.requireNonNull(memory, "memory");
    Objects.requireNonNull(cpus, "cpus");
    Objects.requireNonNull(coresPerSocket, "coresPerSocket");
    Objects.requireNonNull(firmware, "firmware");
    disks = List.copyOf(disks);
    if (bootDisk.isPresent()) {
      Objects.checkIndex(bootDisk.getAsInt(), disks.size());
    }
    cards = List.copyOf(cards);
    drives = List.copyOf(drives);
  }
}
