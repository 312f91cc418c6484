package io.hyper2kvm.stage.convert;

import io.hyper2kvm.manifest.model.ConvertSpec;
import io.hyper2kvm.manifest.model.DomainTarget;
import io.hyper2kvm.report.Savings;
import io.hyper2kvm.stage.DomainOutput;
import io.hyper2kvm.stage.StageResult;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.domain.DomainDevices;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The files that CONVERT wrote; they are not yet renamed into place.
 *
 * @param outputs the names that the disks will get, in their order; at least one
 * @param written what was asked for
 * @param size of all disks together, in bytes
 * @param savings what became of the space of the disks
 * @param devices the disk bus and the card model of the VM
 * @param domain the VM's description for its target; empty when none was asked for, or the VM can
 *     have none
 */
public record ConvertResult(
    List<Path> outputs,
    ConvertSpec written,
    long size,
    Savings savings,
    DomainDevices devices,
    Optional<Domain> domain)
    implements StageResult {

  /**
   * A description of the VM for its target that was written.
   *
   * @param file where it is, and will be
   * @param target which one it is for
   * @param json what the report says of it
   */
  public record Domain(DomainOutput file, DomainTarget target, Map<String, Object> json) {}

  public ConvertResult {
    outputs = List.copyOf(outputs);
    Objects.requireNonNull(written, "written");
    Objects.requireNonNull(savings, "savings");
    Objects.requireNonNull(devices, "devices");
    Objects.requireNonNull(domain, "domain");
    if (outputs.isEmpty()) {
      throw new IllegalArgumentException("no disk was written");
    }
  }

  /**
   * What CONVERT wrote for a VM.
   *
   * @throws IllegalStateException when it has not come to its end
   */
  public static ConvertResult of(VmJob job) {
    return job.results().get(ConvertResult.class);
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("output_file", outputs.get(0).toString());
    if (outputs.size() > 1) {
      json.put("output_files", outputs.stream().map(Path::toString).toList());
    }
    json.put("output_format", written.format().text());
    json.put("compressed", written.compress());
    if (written.compress()) {
      json.put("compression_type", written.compressionType().text());
    }
    json.put("size_bytes", size);
    json.put("savings", savings.json());
    json.put("domain", devices.json());
    domain.ifPresent(d -> json.put(d.target().key(), d.json()));
    return json;
  }
}
