package io.hyper2kvm.stage.domain;

import io.hyper2kvm.manifest.model.DomainNetwork;
import io.hyper2kvm.manifest.model.DomainTarget;
import io.hyper2kvm.manifest.model.OutputFormat;
import io.hyper2kvm.stage.machine.MachineDescription;
import io.hyper2kvm.stage.machine.MachineDisk;
import io.hyper2kvm.stage.machine.NetworkCard;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The hardware of a VM's libvirt domain or its like: the known facts of its machine, else defaults.
 *
 * @param memoryMib in MiB
 * @param cpus virtual processors
 * @param coresPerSocket a divisor of {@code cpus}
 * @param uefi whether it boots by UEFI
 * @param secureBoot whether its firmware checks signatures; only with UEFI
 * @param bootDisk the index of the disk to boot from
 * @param sectorSizes of the disks, in their order, in bytes; a disk that is missing here has 512
 * @param cards in the guest's order
 * @param devices how disks and cards are attached
 * @param assumed the words for what nobody told, and is a default
 * @param system what the guest's system needs
 */
public record DomainHardware(
    long memoryMib,
    int cpus,
    int coresPerSocket,
    boolean uefi,
    boolean secureBoot,
    int bootDisk,
    List<Integer> sectorSizes,
    List<NetworkCard> cards,
    DomainDevices devices,
    List<String> assumed,
    GuestSystem system) {

  static final long DEFAULT_MEMORY_MIB = 2048;
  static final int DEFAULT_CPUS = 2;

  /** Programs for these run on the domain's processor. */
  private static final Set<String> RUNNABLE = Set.of("", "x86_64", "i386");

  /** More than any hypervisor gives. */
  private static final int MOST_CARDS = 64;

  public DomainHardware {
    sectorSizes = List.copyOf(sectorSizes);
    cards = List.copyOf(cards);
    assumed = List.copyOf(assumed);
  }

  /** What a machine gets under libvirt of which so much is known. */
  public static DomainHardware of(
      MachineDescription machine, DomainDevices devices, GuestSystem system) {
    return of(machine, devices, system, DomainTarget.LIBVIRT);
  }

  /** What a machine gets of which so much is known. */
  public static DomainHardware of(
      MachineDescription machine, DomainDevices devices, GuestSystem system, DomainTarget target) {
    List<String> assumed = new ArrayList<>();
    if (machine.memory().isEmpty()) {
      assumed.add("memory");
    }
    if (machine.cpus().isEmpty()) {
      assumed.add("cpus");
    }
    if (machine.firmware().isEmpty()) {
      assumed.add("firmware");
    }
    // The disks do not tell it: a signed boot loader starts on either kind of machine.
    if (machine.startsByUefi() && !machine.described()) {
      assumed.add("secure_boot");
    }
    List<NetworkCard> cards = machine.cards();
    if (cards.isEmpty() && !machine.described()) {
      assumed.add("network_cards");
      cards = List.of(NetworkCard.any());
    }
    cards = cards.subList(0, Math.min(cards.size(), MOST_CARDS));
    if (cards.stream()
        .map(NetworkCard::network)
        .anyMatch(name -> !name.isEmpty() && !devices.wanted().isMapped(name, target))) {
      assumed.add("networks");
    }
    int cpus = machine.cpus().orElse(DEFAULT_CPUS);
    int cores = machine.coresPerSocket().orElse(1);
    return new DomainHardware(
        memoryMib(machine),
        cpus,
        cpus % cores == 0 ? cores : 1,
        machine.startsByUefi(),
        machine.startsByUefi() && machine.secureBoot(),
        machine.bootDisk(),
        machine.disks().stream().map(MachineDisk::sectorSize).toList(),
        cards,
        devices,
        assumed,
        system);
  }

  private static long memoryMib(MachineDescription machine) {
    return machine.memory().isEmpty()
        ? DEFAULT_MEMORY_MIB
        : (machine.memory().getAsLong() + (1 << 20) - 1) >> 20;
  }

  /** Why a machine can have no such domain: its processor or its disks. */
  public static Optional<String> obstacle(MachineDescription machine, DomainDevices devices) {
    return RUNNABLE.contains(machine.architecture())
        ? devices.obstacle(
            machine.disks().stream().map(MachineDisk::sectorSize).toList(),
            machine.startsByUefi() && machine.secureBoot())
        : Optional.of(
            "the guest is for %s, and the domain would be for x86_64"
                .formatted(machine.architecture()));
  }

  /** The domain of a VM with this hardware and these outputs. */
  public DomainDefinition definition(String name, List<Path> outputs, OutputFormat format) {
    return new DomainDefinition(
        name,
        description(),
        memoryMib,
        cpus,
        coresPerSocket,
        uefi,
        secureBoot,
        disks(outputs, format),
        devices.diskBus(),
        Math.min(bootDisk, outputs.size() - 1),
        cards.stream().map(this::card).toList(),
        devices.networkModel(),
        devices.wanted().cpu().orElse(DomainDefinition.DEFAULT_CPU),
        system);
  }

  private DomainCard card(NetworkCard card) {
    return new DomainCard(
        card.mac(),
        devices.wanted().networkOf(card.network()).orElse(DomainCard.DEFAULT),
        card.connected());
  }

  private List<DomainDisk> disks(List<Path> outputs, OutputFormat format) {
    List<DomainDisk> disks = new ArrayList<>();
    for (Path output : outputs) {
      int index = disks.size();
      int sector = index < sectorSizes.size() ? sectorSizes.get(index) : MachineDisk.USUAL_SECTOR;
      disks.add(new DomainDisk(output, format.qemuName(), sector));
    }
    return disks;
  }

  private String description() {
    return assumed.isEmpty()
        ? ""
        : "Not known from the source, and so a default: "
            + String.join(", ", assumed).replace('_', ' ')
            + ".";
  }

  private Map<String, Object> json(NetworkCard card) {
    DomainNetwork network = card(card).network();
    Map<String, Object> json = new LinkedHashMap<>();
    card.mac().ifPresent(mac -> json.put("mac", mac));
    json.put(network.kind().text(), network.name());
    network.vlan().ifPresent(vlan -> json.put("vlan", vlan));
    return json;
  }

  /** What the report of CONVERT says of the domain. */
  public Map<String, Object> json(Path path) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("path", path.toString());
    addTo(json, this::json);
    return json;
  }

  /**
   * Adds what reports say of a machine, whatever its target is.
   *
   * @param ofCard what they say of a network card
   */
  public void addTo(Map<String, Object> json, Function<NetworkCard, Map<String, Object>> ofCard) {
    json.put("memory_bytes", memoryMib << 20);
    json.put("cpus", cpus);
    json.put("cores_per_socket", coresPerSocket);
    json.put("firmware", uefi ? "uefi" : "bios");
    json.put("secure_boot", secureBoot);
    List<Object> list = new ArrayList<>();
    for (NetworkCard card : cards) {
      list.add(ofCard.apply(card));
    }
    json.put("network_cards", list);
    if (system.isWindows()) {
      json.put("hyperv", true);
      json.put("tpm", uefi && system == GuestSystem.WINDOWS_WITH_TPM);
    }
    json.put("assumed", assumed);
  }
}
