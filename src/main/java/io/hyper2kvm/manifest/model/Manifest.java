package io.hyper2kvm.manifest.model;

import io.hyper2kvm.manifest.schedule.Timing;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A manifest that was read and found good, with every default filled in.
 *
 * @param name the key {@code name}, or the file's name without its extension
 * @param batch whether it was written as a batch; a single VM is a list of one with that name
 * @param dryRun whether everything is checked and nothing is converted
 * @param onFailure what happens to the other VMs when one has failed
 * @param metadata the free object at the top, copied into the report; may hold null values
 * @param timing when its VMs may begin, and before which others
 * @param vms the VMs in the file's order; at least one
 */
public record Manifest(
    String name,
    boolean batch,
    boolean dryRun,
    OnFailure onFailure,
    Map<String, Object> metadata,
    Timing timing,
    List<VmSpec> vms) {

  public Manifest {
    VmSpec.requireName(name);
    Objects.requireNonNull(onFailure, "onFailure");
    Objects.requireNonNull(timing, "timing");
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    vms = List.copyOf(vms);
    if (vms.isEmpty()) {
      throw new IllegalArgumentException("a manifest without a VM");
    }
    if (!batch && (vms.size() != 1 || !vms.get(0).name().equals(name))) {
      throw new IllegalArgumentException("a single VM bears its manifest's name: " + name);
    }
  }

  /** The same manifest as a dry run. */
  public Manifest asDryRun() {
    return new Manifest(name, batch, true, onFailure, metadata, timing, vms);
  }

  /** The same manifest with another timing. */
  public Manifest at(Timing other) {
    return new Manifest(name, batch, dryRun, onFailure, metadata, other, vms);
  }

  /** The same manifest with only some of its VMs. */
  public Manifest with(List<VmSpec> some) {
    return new Manifest(name, batch, dryRun, onFailure, metadata, timing, some);
  }
}
