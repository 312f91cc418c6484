package io.hyper2kvm.stage.machine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.report.StageReport;
import io.hyper2kvm.stage.machine.MachineDescription.Drive;
import io.hyper2kvm.stage.machine.MachineDescription.Firmware;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A machine's description in the reports of its stages. LOAD has {@code machine}, if a description
 * came with the disks, else {@code network_cards}, if the manifest names them, and the sectors of
 * its {@code artifacts}; INSPECT has what the guest tells. What is read here may have been written
 * by anybody: what cannot be is taken for not known.
 */
public final class MachineJson {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LARGE_SECTOR = 4096;
  private static final int MOST_DISKS = 4096;
  private static final int MOST_PLACES = 1_000_000;

  private MachineJson() {}

  /** The object {@code machine} in the report of LOAD; what is not known is left out. */
  public static Map<String, Object> of(MachineDescription machine) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", machine.name());
    json.put("hardware", machine.hardware());
    if (!machine.guestOs().isEmpty()) {
      json.put("guest_os", machine.guestOs());
    }
    machine.memory().ifPresent(bytes -> json.put("memory_bytes", bytes));
    machine.cpus().ifPresent(count -> json.put("cpus", count));
    machine.coresPerSocket().ifPresent(count -> json.put("cores_per_socket", count));
    machine.firmware().ifPresent(firmware -> json.put("firmware", word(firmware)));
    json.put("secure_boot", machine.secureBoot());
    if (machine.tpm()) {
      json.put("tpm", true);
    }
    json.put("disks", machine.disks().stream().map(MachineJson::disk).toList());
    json.put("network_cards", cards(machine.cards()));
    json.put("drives", machine.drives().stream().map(MachineJson::word).toList());
    return json;
  }

  private static Map<String, Object> disk(MachineDisk disk) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", disk.id());
    disk.capacity().ifPresent(bytes -> json.put("capacity_bytes", bytes));
    disk.controller()
        .ifPresent(
            controller -> {
              json.put("controller", word(controller.bus()));
              json.put("controller_model", controller.model());
              json.put("controller_address", controller.address());
              json.put("controller_id", controller.id());
              controller.slot().ifPresent(slot -> json.put("controller_slot", slot));
            });
    disk.unit().ifPresent(unit -> json.put("unit", unit));
    return json;
  }

  /** The list {@code network_cards} in the report of LOAD. */
  public static List<Map<String, Object>> cards(List<NetworkCard> cards) {
    return cards.stream().map(MachineJson::card).toList();
  }

  private static Map<String, Object> card(NetworkCard card) {
    Map<String, Object> json = new LinkedHashMap<>();
    card.mac().ifPresent(mac -> json.put("mac", mac));
    json.put("model", card.model());
    json.put("network", card.network());
    card.address().ifPresent(address -> json.put("address", address));
    if (!card.connected()) {
      json.put("connected", false);
    }
    card.name().ifPresent(name -> json.put("name", name));
    card.slot().ifPresent(slot -> json.put("slot", slot));
    return json;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads the machine of a run.
   *
   * @param stages the reports of all its stages
   * @return empty when they have no details, as those of a record that would have become too large
   */
  public static Optional<MachineDescription> read(Map<StageName, StageReport> stages) {
    JsonNode load = JSON.valueToTree(stages.get(StageName.LOAD).details());
    JsonNode inspect = JSON.valueToTree(stages.get(StageName.INSPECT).details());
    return load.has("artifacts") ? Optional.of(read(load, inspect)) : Optional.empty();
  }

  /** The machine that the details of LOAD and INSPECT describe. */
  static MachineDescription read(JsonNode load, JsonNode inspect) {
    JsonNode machine = load.path("machine");
    MachineDescription loaded =
        new MachineDescription(
            machine.isObject(),
            text(machine.path("name")),
            text(machine.path("hardware")),
            text(machine.path("guest_os")),
            number(machine.path("memory_bytes"), 1, MachineDescription.MOST_MEMORY),
            count(machine.path("cpus"), 1, MachineDescription.MOST_CPUS),
            count(machine.path("cores_per_socket"), 1, MachineDescription.MOST_CPUS),
            constant(Firmware.class, machine.path("firmware")),
            machine.path("secure_boot").asBoolean(),
            machine.path("tpm").asBoolean(),
            "",
            0,
            disks(load.path("artifacts"), machine.path("disks")),
            cards((machine.isObject() ? machine : load).path("network_cards")),
            drives(machine.path("drives")));
    return loaded.withGuest(
        text(inspect.path("architecture")),
        constant(Firmware.class, inspect.path("firmware")),
        count(inspect.path("boot_disk"), 1, MOST_DISKS).orElse(1) - 1,
        GuestCards.among(interfaces(inspect.path("network").path("interfaces"))));
  }

  private static List<MachineDisk> disks(JsonNode artifacts, JsonNode places) {
    List<MachineDisk> disks = new ArrayList<>();
    for (int i = 0; i < Math.max(artifacts.size(), places.size()); i++) {
      boolean large = artifacts.path(i).path("logical_sector_size_bytes").asInt() == LARGE_SECTOR;
      JsonNode place = places.path(i);
      disks.add(
          new MachineDisk(
              large ? LARGE_SECTOR : MachineDisk.USUAL_SECTOR,
              text(place.path("id")),
              number(place.path("capacity_bytes"), 0, Long.MAX_VALUE),
              constant(DiskController.Bus.class, place.path("controller"))
                  .map(
                      bus ->
                          new DiskController(
                              bus,
                              text(place.path("controller_model")),
                              text(place.path("controller_address")),
                              count(place.path("controller_slot"), 0, MOST_PLACES),
                              text(place.path("controller_id")))),
              count(place.path("unit"), 0, MOST_PLACES)));
    }
    return disks;
  }

  private static List<NetworkCard> cards(JsonNode json) {
    List<NetworkCard> cards = new ArrayList<>();
    for (JsonNode card : json) {
      cards.add(
          new NetworkCard(
              NetworkCard.macOf(card.path("mac").asText()),
              text(card.path("model")),
              text(card.path("network")),
              count(card.path("address"), 0, MOST_PLACES),
              card.path("connected").asBoolean(true),
              Optional.of(text(card.path("name"))).filter(name -> !name.isEmpty()),
              count(card.path("slot"), 0, MOST_PLACES)));
    }
    return cards;
  }

  private static List<Drive> drives(JsonNode json) {
    List<Drive> drives = new ArrayList<>();
    json.forEach(drive -> constant(Drive.class, drive).ifPresent(drives::add));
    return drives;
  }

  private static List<GuestCards.Interface> interfaces(JsonNode json) {
    List<GuestCards.Interface> interfaces = new ArrayList<>();
    json.forEach(
        one ->
            interfaces.add(
                new GuestCards.Interface(one.path("name").asText(), one.path("mac").asText())));
    return interfaces;
  }

  private static String text(JsonNode json) {
    return Printable.guestLine(json.asText());
  }

  private static OptionalLong number(JsonNode json, long least, long most) {
    boolean whole = json.isIntegralNumber() && json.canConvertToLong();
    return whole && json.longValue() >= least && json.longValue() <= most
        ? OptionalLong.of(json.longValue())
        : OptionalLong.empty();
  }

  private static OptionalInt count(JsonNode json, int least, int most) {
    OptionalLong number = number(json, least, most);
    return number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : OptionalInt.empty();
  }

  private static <E extends Enum<E>> Optional<E> constant(Class<E> type, JsonNode json) {
    for (E constant : type.getEnumConstants()) {
      if (word(constant).equals(json.textValue())) {
        return Optional.of(constant);
      }
    }
    return Optional.empty();
  }
}
