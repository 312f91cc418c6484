package io.hyper2kvm.stage.load;

import io.hyper2kvm.image.ova.OvaPackage;
import io.hyper2kvm.image.ova.ovf.OvfCard;
import io.hyper2kvm.image.ova.ovf.OvfDisk;
import io.hyper2kvm.image.ova.ovf.OvfMachine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What an OVA said of its virtual machine and of itself.
 *
 * @param machine the hardware that its description describes
 * @param kind what the source is, e.g. {@code tar}
 * @param description the description's name in it
 * @param manifest the file with the checksums
 * @param verified the files whose checksums were compared, and are right
 * @param certificate the file with the manifest's signature, which is not verified
 */
public record OvfFacts(
    OvfMachine machine,
    String kind,
    String description,
    Optional<String> manifest,
    List<String> verified,
    Optional<String> certificate) {

  public OvfFacts {
    Objects.requireNonNull(machine, "machine");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(manifest, "manifest");
    Objects.requireNonNull(certificate, "certificate");
    verified = List.copyOf(verified);
  }

  /** Of an OVA whose disks are ready; empty when it has no description. */
  static Optional<OvfFacts> of(OvaPackage ova) {
    return ova.machine()
        .map(
            machine ->
                new OvfFacts(
                    machine,
                    ova.kind(),
                    ova.description().orElseThrow(),
                    ova.manifest(),
                    ova.compared(),
                    ova.certificate()));
  }

  /** The OVA as the report shows it. */
  Map<String, Object> ovaJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("kind", kind);
    json.put("description", description);
    manifest.ifPresent(file -> json.put("manifest", file));
    json.put("checksums_verified", verified);
    certificate.ifPresent(file -> json.put("certificate", file));
    return json;
  }

  /** The hardware as the report shows it; what the description does not say is left out. */
  Map<String, Object> machineJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", machine.name());
    json.put("hardware", machine.hardware());
    machine.memory().ifPresent(bytes -> json.put("memory_bytes", bytes));
    machine.cpus().ifPresent(count -> json.put("cpus", count));
    machine.coresPerSocket().ifPresent(count -> json.put("cores_per_socket", count));
    machine.firmware().ifPresent(firmware -> json.put("firmware", word(firmware)));
    json.put("secure_boot", machine.secureBoot());
    json.put("disks", machine.disks().stream().map(OvfFacts::diskJson).toList());
    json.put("network_cards", machine.cards().stream().map(OvfFacts::cardJson).toList());
    List<Object> drives = new ArrayList<>();
    machine.drives().forEach(drive -> drives.add(word(drive)));
    json.put("drives", drives);
    return json;
  }

  private static Map<String, Object> diskJson(OvfDisk disk) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", disk.id());
    disk.capacity().ifPresent(bytes -> json.put("capacity_bytes", bytes));
    disk.controller()
        .ifPresent(
            controller -> {
              json.put("controller", word(controller.kind()));
              json.put("controller_model", controller.model());
              json.put("controller_address", controller.address());
            });
    disk.unit().ifPresent(unit -> json.put("unit", unit));
    return json;
  }

  private static Map<String, Object> cardJson(OvfCard card) {
    Map<String, Object> json = new LinkedHashMap<>();
    card.mac().ifPresent(mac -> json.put("mac", mac));
    json.put("model", card.model());
    json.put("network", card.network());
    card.address().ifPresent(address -> json.put("address", address));
    return json;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
