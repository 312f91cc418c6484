package io.hyper2kvm.stage.machine;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The known facts about a virtual machine, from the description that came with its disks and from
 * the guest on them. Unknown values are empty.
 *
 * @param described whether a description came with the disks; its list of cards is complete then
 * @param name the machine's name; may be empty
 * @param hardware the hardware family, e.g. {@code vmx-19}; may be empty
 * @param guestOs the guest's system as the description calls it, e.g. {@code debian12-64}; may be
 *     empty
 * @param memory in bytes
 * @param cpus virtual processors altogether
 * @param coresPerSocket virtual processors in one socket
 * @param firmware by what it starts
 * @param secureBoot whether its firmware starts signed loaders only
 * @param tpm whether it had a virtual TPM, whose contents do not come with the disks
 * @param architecture the processor that its programs are for, as uname spells it, e.g. {@code
 *     x86_64}; may be empty
 * @param bootDisk the index of the disk that the firmware starts it from; 0 unless more is known
 * @param disks in the machine's order
 * @param cards in the machine's order; of a machine that is not described those that the manifest
 *     names, which are all, else those that the guest configures
 * @param drives CD and floppy drives
 */
public record MachineDescription(
    boolean described,
    String name,
    String hardware,
    String guestOs,
    OptionalLong memory,
    OptionalInt cpus,
    OptionalInt coresPerSocket,
    Optional<Firmware> firmware,
    boolean secureBoot,
    boolean tpm,
    String architecture,
    int bootDisk,
    List<MachineDisk> disks,
    List<NetworkCard> cards,
    List<Drive> drives) {

  /** More memory than any hypervisor gives, in bytes. */
  static final long MOST_MEMORY = 1L << 50;

  /** More processors than any hypervisor gives. */
  static final int MOST_CPUS = 4096;

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

  public MachineDescription {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(hardware, "hardware");
    Objects.requireNonNull(guestOs, "guestOs");
    Objects.requireNonNull(firmware, "firmware");
    Objects.requireNonNull(architecture, "architecture");
    disks = List.copyOf(disks);
    cards = List.copyOf(cards);
    drives = List.copyOf(drives);
    memory.ifPresent(bytes -> require(bytes, MOST_MEMORY, "memory"));
    cpus.ifPresent(count -> require(count, MOST_CPUS, "cpus"));
    coresPerSocket.ifPresent(count -> require(count, MOST_CPUS, "coresPerSocket"));
    if (bootDisk < 0) {
      throw new IllegalArgumentException("bootDisk is negative: " + bootDisk);
    }
  }

  private static void require(long value, long most, String what) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException("%s is not 1 to %d: %d".formatted(what, most, value));
    }
  }

  /** A machine of which no more is known than its disks. */
  public static MachineDescription ofDisks(List<MachineDisk> disks) {
    return new MachineDescription(
        false,
        "",
        "",
        "",
        OptionalLong.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        false,
        false,
        "",
        0,
        disks,
        List.of(),
        List.of());
  }

  /** The same machine with other cards. */
  public MachineDescription withCards(List<NetworkCard> others) {
    return new MachineDescription(
        described,
        name,
        hardware,
        guestOs,
        memory,
        cpus,
        coresPerSocket,
        firmware,
        secureBoot,
        tpm,
        architecture,
        bootDisk,
        disks,
        others,
        drives);
  }

  /**
   * The same machine with what its guest tells. What a description said of firmware and cards
   * stands, and so do cards that the manifest names: both are known better than from the disks.
   *
   * @param guestFirmware what the guest can be started by
   * @param guestCards the cards that the guest configures
   */
  public MachineDescription withGuest(
      String guestArchitecture,
      Optional<Firmware> guestFirmware,
      int guestBootDisk,
      List<NetworkCard> guestCards) {
    return new MachineDescription(
        described,
        name,
        hardware,
        guestOs,
        memory,
        cpus,
        coresPerSocket,
        firmware.or(() -> guestFirmware),
        secureBoot,
        tpm,
        guestArchitecture,
        guestBootDisk,
        disks,
        described || !cards.isEmpty() ? cards : guestCards,
        drives);
  }

  /** Whether it starts by UEFI; a machine of which that is not known starts by BIOS. */
  public boolean startsByUefi() {
    return firmware.filter(Firmware.UEFI::equals).isPresent();
  }
}
