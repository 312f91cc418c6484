package io.hyper2kvm.stage.load;

import io.hyper2kvm.image.ova.OvaPackage;
import io.hyper2kvm.image.ova.OvaPackage.VmxFacts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The facts about an OVA, OVF or VMX itself; for its machine see {@link DescribedMachine}.
 *
 * @param kind what the source is, e.g. {@code tar}
 * @param description the description's name in it
 * @param manifests the files with the checksums
 * @param verified the files whose checksums were compared, and are right
 * @param certificate the file with the manifest's signature, which is not verified
 * @param vmx what a VMX tells beyond its machine
 */
public record OvfFacts(
    String kind,
    String description,
    List<String> manifests,
    List<String> verified,
    Optional<String> certificate,
    Optional<VmxFacts> vmx) {

  public OvfFacts {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(certificate, "certificate");
    Objects.requireNonNull(vmx, "vmx");
    manifests = List.copyOf(manifests);
    verified = List.copyOf(verified);
  }

  /** Of an OVA whose disks are ready; empty when it has no description. */
  static Optional<OvfFacts> of(OvaPackage ova) {
    return ova.description()
        .map(
            description ->
                new OvfFacts(
                    ova.kind(),
                    description,
                    ova.manifests(),
                    ova.compared(),
                    ova.certificate(),
                    ova.vmx()));
  }

  private static void put(VmxFacts facts, Map<String, Object> json) {
    if (!facts.nvram().isEmpty()) {
      json.put("nvram", facts.nvram());
    }
    facts
        .snapshots()
        .ifPresent(
            snapshots -> {
              json.put("snapshots", snapshots.all().size());
              snapshots
                  .current()
                  .ifPresent(current -> json.put("current_snapshot", current.name()));
            });
  }

  /** The object {@code appliance} in the report of LOAD. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("kind", kind);
    json.put("description", description);
    if (!manifests.isEmpty()) {
      json.put("manifest", manifests.get(0));
      json.put("manifests", manifests);
    }
    json.put("checksums_verified", verified);
    certificate.ifPresent(file -> json.put("certificate", file));
    vmx.ifPresent(facts -> put(facts, json));
    return json;
  }
}
