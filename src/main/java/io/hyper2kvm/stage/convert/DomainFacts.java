package io.hyper2kvm.stage.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.manifest.model.OutputFormat;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.report.StageReport;
import io.hyper2kvm.stage.convert.domain.DomainCard;
import io.hyper2kvm.stage.convert.domain.DomainDefinition;
import io.hyper2kvm.stage.convert.domain.DomainDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The hardware that a VM's libvirt domain gets: an OVF description, else what the guest tells, else
 * defaults. It is taken from the stages' reports, so that it can be had again of a run whose
 * outputs are reused.
 *
 * @param memoryMib in MiB
 * @param cpus virtual processors
 * @param coresPerSocket a divisor of {@code cpus}
 * @param uefi whether it boots by UEFI
 * @param secureBoot whether its firmware checks signatures; only with UEFI
 * @param bootDisk the index of the disk to boot from
 * @param sectorSizes of the disks, in their order, in bytes; a disk that is missing here has 512
 * @param cards in the guest's order
 * @param assumed the words for what nobody told, and is a default
 */
public record DomainFacts(
    long memoryMib,
    int cpus,
    int coresPerSocket,
    boolean uefi,
    boolean secureBoot,
    int bootDisk,
    List<Integer> sectorSizes,
    List<DomainCard> cards,
    List<String> assumed) {

  static final long DEFAULT_MEMORY_MIB = 2048;
  static final int DEFAULT_CPUS = 2;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MOST_MEMORY_MIB = 1L << 30;
  private static final int MOST_CPUS = 4096;
  private static final int MOST_DISKS = 4096;
  private static final int USUAL_SECTOR = 512;
  private static final int LARGE_SECTOR = 4096;

  /** More than any hypervisor gives; a record may have been written by anybody. */
  private static final int MOST_CARDS = 64;

  /** Names that only cards bear by default, in every scheme of Linux. */
  private static final Pattern CARD = Pattern.compile("(en|eth)[^.:]*");

  /** What is built on cards may have a card's address. */
  private static final Pattern BUILT =
      Pattern.compile("(br|bond|team|vlan|virbr|docker|veth|lo|tun|tap|wg).*|.*[.:].*");

  public DomainFacts {
    sectorSizes = List.copyOf(sectorSizes);
    cards = List.copyOf(cards);
    assumed = List.copyOf(assumed);
  }

  /** Of a run whose LOAD succeeded. */
  public static DomainFacts of(Map<StageName, StageReport> stages) {
    JsonNode machine = details(stages, StageName.LOAD).path("machine");
    JsonNode inspect = details(stages, StageName.INSPECT);
    List<String> assumed = new ArrayList<>();
    long memory = number(machine.path("memory_bytes"), MOST_MEMORY_MIB << 20);
    if (memory == 0) {
      assumed.add("memory");
    }
    int cpus = (int) number(machine.path("cpus"), MOST_CPUS);
    if (cpus == 0) {
      assumed.add("cpus");
    }
    int all = cpus == 0 ? DEFAULT_CPUS : cpus;
    int cores = (int) number(machine.path("cores_per_socket"), MOST_CPUS);
    String firmware = machine.path("firmware").asText(inspect.path("firmware").asText());
    if (firmware.isEmpty()) {
      assumed.add("firmware");
    }
    boolean uefi = firmware.equals("uefi");
    List<DomainCard> cards =
        machine.isObject() ? cardsOf(machine) : cardsOf(inspect.path("network"));
    if (cards.isEmpty() && !machine.isObject()) {
      assumed.add("network_cards");
      cards = List.of(DomainCard.any());
    }
    return new DomainFacts(
        memory == 0 ? DEFAULT_MEMORY_MIB : Math.max(1, (memory + (1 << 20) - 1) >> 20),
        all,
        cores > 0 && all % cores == 0 ? cores : 1,
        uefi,
        uefi && machine.path("secure_boot").asBoolean(),
        Math.max(0, (int) number(inspect.path("boot_disk"), MOST_DISKS) - 1),
        sectorSizes(details(stages, StageName.LOAD).path("artifacts")),
        cards,
        assumed);
  }

  /**
   * Why a VM can have no such domain: its programs are for another processor, or its run's record
   * tells nothing.
   */
  public static Optional<String> obstacle(Map<StageName, StageReport> stages) {
    if (!details(stages, StageName.LOAD).has("artifacts")) {
      return Optional.of("the record of the run that made the outputs has no details");
    }
    String processor = details(stages, StageName.INSPECT).path("architecture").asText();
    return Set.of("", "x86_64", "i386").contains(processor)
        ? Optional.empty()
        : Optional.of(
            "the guest is for %s, and the domain would be for x86_64".formatted(processor));
  }

  private static JsonNode details(Map<StageName, StageReport> stages, StageName stage) {
    return JSON.valueToTree(stages.get(stage).details());
  }

  private static List<Integer> sectorSizes(JsonNode disks) {
    List<Integer> sizes = new ArrayList<>();
    disks.forEach(
        disk ->
            sizes.add(
                disk.path("logical_sector_size_bytes").asInt() == LARGE_SECTOR
                    ? LARGE_SECTOR
                    : USUAL_SECTOR));
    return sizes;
  }

  /** 0 when there is none, or none that can be. */
  private static long number(JsonNode value, long most) {
    long number = value.isIntegralNumber() && value.canConvertToLong() ? value.longValue() : 0;
    return number > 0 && number <= most ? number : 0;
  }

  /** Of a machine its cards; of a network those interfaces that are cards, which come first. */
  private static List<DomainCard> cardsOf(JsonNode node) {
    List<DomainCard> cards = new ArrayList<>();
    node.path("network_cards")
        .forEach(card -> cards.add(DomainCard.withAddress(card.path("mac").asText())));
    Set<String> seen = new HashSet<>();
    for (JsonNode entry : node.path("interfaces")) {
      String name = entry.path("name").asText();
      DomainCard card = DomainCard.withAddress(entry.path("mac").asText());
      boolean ownAddress = card.mac().isPresent() && seen.add(card.mac().get());
      if (ownAddress && !BUILT.matcher(name).matches()
          || card.mac().isEmpty() && CARD.matcher(name).matches()) {
        cards.add(card);
      }
    }
    return cards.subList(0, Math.min(cards.size(), MOST_CARDS));
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
        Math.min(bootDisk, outputs.size() - 1),
        cards);
  }

  private List<DomainDisk> disks(List<Path> outputs, OutputFormat format) {
    List<DomainDisk> disks = new ArrayList<>();
    for (Path output : outputs) {
      int index = disks.size();
      int sector = index < sectorSizes.size() ? sectorSizes.get(index) : USUAL_SECTOR;
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

  /** What the report of CONVERT says of the domain. */
  Map<String, Object> json(Path path) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("path", path.toString());
    json.put("memory_bytes", memoryMib << 20);
    json.put("cpus", cpus);
    json.put("cores_per_socket", coresPerSocket);
    json.put("firmware", uefi ? "uefi" : "bios");
    json.put("secure_boot", secureBoot);
    List<Object> list = new ArrayList<>();
    for (DomainCard card : cards) {
      list.add(card.mac().map(mac -> Map.of("mac", mac)).orElse(Map.of()));
    }
    json.put("network_cards", list);
    json.put("assumed", assumed);
    return json;
  }
}
