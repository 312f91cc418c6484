package io.hyper2kvm.stage.machine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.report.StageReport;
import io.hyper2kvm.text.Printable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Whether a guest was seen to have the drivers for virtio hardware, and for the disks that it gets
 * without.
 *
 * @param disk for its disks
 * @param sata for its disks on SATA; without a reason where nobody looked
 * @param card for its network cards
 */
public record VirtioProof(Finding disk, Finding sata, Finding card) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_REASON = 2000;

  /**
   * What was found of one kind of hardware.
   *
   * @param proven whether the drivers were seen
   * @param reason where they were seen, or why it is not known that they are there
   */
  public record Finding(boolean proven, String reason) {

    public Finding {
      Objects.requireNonNull(reason, "reason");
    }

    /** Nobody looked. */
    public static final Finding UNKNOWN = new Finding(false, "");

    private Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("proven", proven);
      json.put("reason", reason);
      return json;
    }
  }

  public VirtioProof {
    Objects.requireNonNull(disk, "disk");
    Objects.requireNonNull(card, "card");
  }

  /** Nothing was seen. */
  public static VirtioProof none(String reason) {
    return new VirtioProof(new Finding(false, reason), Finding.UNKNOWN, new Finding(false, reason));
  }

  /** Adds the keys of the report. */
  public void addTo(Map<String, Object> json) {
    json.put("virtio_disk", disk.json());
    if (!sata.reason().isEmpty()) {
      json.put("sata_disk", sata.json());
    }
    json.put("virtio_card", card.json());
  }

  /** What the reports of a run say of it; anybody may have written them. */
  public static VirtioProof read(Map<StageName, StageReport> stages) {
    StageReport convert = stages.get(StageName.CONVERT);
    JsonNode json = JSON.valueToTree(convert == null ? Map.of() : convert.details()).path("domain");
    return new VirtioProof(
        read(json.path("virtio_disk")),
        json.has("sata_disk") ? read(json.path("sata_disk")) : Finding.UNKNOWN,
        read(json.path("virtio_card")));
  }

  private static Finding read(JsonNode json) {
    String reason = Printable.guestLine(json.path("reason").asText());
    if (reason.isEmpty()) {
      return new Finding(false, "the record of the run that made the outputs does not say");
    }
    return new Finding(
        json.path("proven").asBoolean(),
        reason.substring(0, Math.min(reason.length(), LONGEST_REASON)));
  }
}
