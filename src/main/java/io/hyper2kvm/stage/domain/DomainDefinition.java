package io.hyper2kvm.stage.domain;

import io.hyper2kvm.manifest.model.CardModel;
import io.hyper2kvm.manifest.model.DiskBus;
import java.util.List;
import java.util.Objects;

/**
 * The definition of a VM for libvirt, and what other targets have of it.
 *
 * @param name the domain's name
 * @param description a sentence for whoever looks at it; may be empty
 * @param memoryMib its memory in MiB; greater than zero
 * @param vcpus its virtual processors; at least 1
 * @param coresPerSocket how many of them a socket has; a divisor of {@code vcpus}
 * @param uefi whether it boots by UEFI, else by BIOS
 * @param secureBoot whether UEFI checks signatures; only with {@code uefi}
 * @param disks in the guest's order; at least one
 * @param diskBus how the disks are attached
 * @param bootDisk the index of the one to boot from
 * @param cards in the guest's order; the order is what names of cards depend on
 * @param cardModel the model of all cards
 * @param cpu the processor, as {@link io.hyper2kvm.manifest.model.DomainSpec} has it
 * @param system what the guest's system needs
 */
public record DomainDefinition(
    String name,
    String description,
    long memoryMib,
    int vcpus,
    int coresPerSocket,
    boolean uefi,
    boolean secureBoot,
    List<DomainDisk> disks,
    DiskBus diskBus,
    int bootDisk,
    List<DomainCard> cards,
    CardModel cardModel,
    String cpu,
    GuestSystem system) {

  /** What a domain gets that nobody asks for another processor. */
  public static final String DEFAULT_CPU = "host-passthrough";

  public DomainDefinition {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(diskBus, "diskBus");
    Objects.requireNonNull(cardModel, "cardModel");
    Objects.requireNonNull(cpu, "cpu");
    Objects.requireNonNull(system, "system");
    disks = List.copyOf(disks);
    cards = List.copyOf(cards);
    if (memoryMib <= 0) {
      throw new IllegalArgumentException("memoryMib is not positive: " + memoryMib);
    }
    if (vcpus < 1 || coresPerSocket < 1 || vcpus % coresPerSocket != 0) {
      throw new IllegalArgumentException(
          "%d cores per socket of %d processors".formatted(coresPerSocket, vcpus));
    }
    if (secureBoot && !uefi) {
      throw new IllegalArgumentException("Secure Boot without UEFI");
    }
    if (disks.isEmpty()) {
      throw new IllegalArgumentException("a domain without a disk");
    }
    Objects.checkIndex(bootDisk, disks.size());
  }

  /** Whether it has a TPM; a Windows that starts by BIOS was installed without. */
  public boolean hasTpm() {
    return uefi && system == GuestSystem.WINDOWS_WITH_TPM;
  }

  /**
   * The place of a disk among those that the firmware tries, from 1: the boot disk is the first.
   *
   * @param disk the disk's index; the names and the order on the bus stay the guest's
   */
  public int bootOrder(int disk) {
    if (disk == bootDisk) {
      return 1;
    }
    return disk < bootDisk ? disk + 2 : disk + 1;
  }
}
