package io.hyper2kvm.stage.load;

import io.hyper2kvm.image.ova.OvaPackage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The facts about an OVA or OVF itself; for its machine see {@link DescribedMachine}.
 *
 * @param kind what the source is, e.g. {@code tar}
 * @param description the description's name in it
 * @param manifests the files with the checksums
 * @param verified the files whose checksums were compared, and are right
 * @param certificate the file with the manifest's signature, which is not verified
 */
public record OvfFacts(
    String kind,
    String description,
    List<String> manifests,
    List<String> verified,
    Optional<String> certificate) {

  public OvfFacts {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(certificate, "certificate");
    manifests = List.copyOf(manifests);
    verified = List.copyOf(verified);
  }

  /** Of an OVA whose disks are ready; empty when it has no description. */
  static Optional<OvfFacts> of(OvaPackage ova) {
    return ova.description()
        .map(
            description ->
                new OvfFacts(
                    ova.kind(), description, ova.manifests(), ova.compared(), ova.certificate()));
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
    return json;
  }
}
