package io.hyper2kvm.stage;

import io.hyper2kvm.manifest.model.ConvertSpec;
import java.nio.file.Path;

/**
 * The file with a VM's libvirt domain until its publication; it is renamed together with the disks.
 *
 * @param part where it is written, beside its target
 * @param target where it appears when everything else is done
 */
public record DomainOutput(Path part, Path target) {

  /** Where a VM's domain goes, beside its first output. */
  public static Path of(Path firstOutput, String vm) {
    return firstOutput.resolveSibling(ConvertSpec.nameOfDomain(vm));
  }
}
