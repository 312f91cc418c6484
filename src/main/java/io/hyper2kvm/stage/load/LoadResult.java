package io.hyper2kvm.stage.load;

import io.hyper2kvm.stage.DomainOutput;
import io.hyper2kvm.stage.StageResult;
import io.hyper2kvm.stage.VmDisk;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.machine.MachineDescription;
import io.hyper2kvm.stage.machine.MachineJson;
import io.hyper2kvm.stage.space.SpaceFinding;
import io.hyper2kvm.tool.QemuImg;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The result of LOAD. If a VM's outputs are there from an earlier run, it has only {@code earlier}.
 *
 * @param disks the VM's disks, in their order
 * @param domain where the VM's libvirt domain goes; empty when there is to be none
 * @param ovf what an OVA or OVF said of itself; empty for plain disks
 * @param machine the machine as the source describes it
 * @param earlier what lay at the places of the outputs
 * @param measures how much of a disk there is to copy, by its index, as far as that was asked
 * @param space the needs and the room; empty until all disks are measured
 */
public record LoadResult(
    List<VmDisk> disks,
    Optional<DomainOutput> domain,
    Optional<OvfFacts> ovf,
    MachineDescription machine,
    EarlierOutputs earlier,
    Map<Integer, QemuImg.Measure> measures,
    List<SpaceFinding> space)
    implements StageResult {

  public LoadResult {
    disks = List.copyOf(disks);
    Objects.requireNonNull(domain, "domain");
    Objects.requireNonNull(ovf, "ovf");
    Objects.requireNonNull(machine, "machine");
    Objects.requireNonNull(earlier, "earlier");
    measures = Map.copyOf(measures);
    space = List.copyOf(space);
  }

  /** Of a VM whose disks have been found, and not measured. */
  static LoadResult found(
      List<VmDisk> disks,
      Optional<DomainOutput> domain,
      Optional<OvfFacts> ovf,
      MachineDescription machine,
      EarlierOutputs earlier) {
    return new LoadResult(disks, domain, ovf, machine, earlier, Map.of(), List.of());
  }

  /** Of a VM whose outputs are there from an earlier run. */
  static LoadResult reused(EarlierOutputs earlier) {
    MachineDescription nothing = MachineDescription.ofDisks(List.of());
    return found(List.of(), Optional.empty(), Optional.empty(), nothing, earlier);
  }

  /**
   * What LOAD found for a VM.
   *
   * @throws IllegalStateException when it found nothing yet
   */
  public static LoadResult of(VmJob job) {
    return job.results().get(LoadResult.class);
  }

  /** The same with what a disk's measurement says. */
  LoadResult withMeasure(int disk, QemuImg.Measure measure) {
    Map<Integer, QemuImg.Measure> more = new HashMap<>(measures);
    more.put(disk, measure);
    return new LoadResult(disks, domain, ovf, machine, earlier, more, space);
  }

  /** The same with the room that there is. */
  LoadResult withSpace(List<SpaceFinding> findings) {
    return new LoadResult(disks, domain, ovf, machine, earlier, measures, findings);
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    List<Object> artifacts = new ArrayList<>();
    disks.forEach(disk -> artifacts.add(artifact(disk)));
    json.put("artifacts", artifacts);
    ovf.ifPresent(facts -> json.put("appliance", facts.json()));
    if (machine.described()) {
      json.put("machine", MachineJson.of(machine));
    } else if (!machine.cards().isEmpty()) {
      json.put("network_cards", MachineJson.cards(machine.cards()));
    }
    json.put("space", space.stream().map(SpaceFinding::json).toList());
    return json;
  }

  private static Map<String, Object> artifact(VmDisk disk) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("path", disk.origin().origin().toString());
    if (!disk.origin().member().isEmpty()) {
      json.put("member", disk.origin().member());
    }
    disk.origin().window().ifPresent(part -> json.put("offset_bytes", part.offset()));
    if (disk.origin().unpacked()) {
      json.put("unpacked", true);
    }
    json.put("format", disk.source().format().qemuName());
    json.put("subformat", disk.source().subformat());
    json.put("logical_sector_size_bytes", disk.source().logicalSectorSize());
    json.put("virtual_size_bytes", disk.source().virtualSize());
    json.put("fingerprint", disk.before().json());
    return json;
  }
}
