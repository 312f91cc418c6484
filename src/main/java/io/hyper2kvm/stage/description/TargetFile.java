package io.hyper2kvm.stage.description;

import io.hyper2kvm.manifest.model.ConvertSpec;
import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.manifest.model.DomainTarget;
import io.hyper2kvm.manifest.model.VmSpec;
import io.hyper2kvm.stage.domain.DomainDevices;
import io.hyper2kvm.stage.domain.DomainHardware;
import io.hyper2kvm.stage.domain.DomainXml;
import io.hyper2kvm.stage.domain.GuestSystem;
import io.hyper2kvm.stage.domain.kubevirt.KubevirtLimits;
import io.hyper2kvm.stage.domain.kubevirt.KubevirtVm;
import io.hyper2kvm.stage.domain.kubevirt.KubevirtYaml;
import io.hyper2kvm.stage.machine.MachineDescription;
import io.hyper2kvm.stage.machine.VirtioProof;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The file that describes a VM for its target: a libvirt domain or a VM of KubeVirt's.
 *
 * @param vm the VM's name
 * @param convert for which target, and what is asked for; the target is one that has a file
 * @param machine what is known of the machine
 * @param devices how disks and cards are attached
 * @param system what the guest's system needs
 * @param outputs where the disks are, in their order
 * @param virtualSizes of the disks, in bytes, in their order; empty when they are not known
 */
public record TargetFile(
    String vm,
    ConvertSpec convert,
    MachineDescription machine,
    DomainDevices devices,
    GuestSystem system,
    List<Path> outputs,
    List<Long> virtualSizes) {

  public TargetFile {
    Objects.requireNonNull(vm, "vm");
    Objects.requireNonNull(machine, "machine");
    Objects.requireNonNull(devices, "devices");
    Objects.requireNonNull(system, "system");
    outputs = List.copyOf(outputs);
    virtualSizes = List.copyOf(virtualSizes);
    if (convert.target() == DomainTarget.NONE) {
      throw new IllegalArgumentException("a target without a file");
    }
  }

  /** Why the target can have no such machine. */
  public Optional<String> obstacle() {
    Optional<String> obstacle = DomainHardware.obstacle(machine, devices);
    if (obstacle.isPresent() || convert.target() == DomainTarget.LIBVIRT) {
      return obstacle;
    }
    return virtualSizes.size() == outputs.size()
        ? KubevirtLimits.obstacle(hardware())
        : Optional.of("the record of the run that made the outputs does not tell their sizes");
  }

  /** What an operator should know of it, beside its disk bus and its card model. */
  public List<String> warnings() {
    return convert.target() == DomainTarget.KUBEVIRT
        ? KubevirtLimits.warnings(vm, hardware())
        : List.of();
  }

  /**
   * The file's content.
   *
   * @param file its name in the end
   */
  public byte[] content(Path file) {
    return convert.target() == DomainTarget.KUBEVIRT
        ? KubevirtYaml.of(kubevirt(), file)
        : DomainXml.of(hardware().definition(vm, outputs, convert.format()));
  }

  /**
   * What the report of CONVERT says of it.
   *
   * @param file its name in the end
   */
  public Map<String, Object> json(Path file) {
    return convert.target() == DomainTarget.KUBEVIRT
        ? kubevirt().json(file, hardware())
        : hardware().json(file);
  }

  private KubevirtVm kubevirt() {
    return KubevirtVm.of(vm, hardware(), outputs, convert.format(), virtualSizes);
  }

  private DomainHardware hardware() {
    return DomainHardware.of(machine, devices, system, convert.target());
  }

  /**
   * What can be known before a run of what the file will lack, or why there will be none. The
   * guest's drivers and its cards, if no description names them, are not known yet.
   */
  public static List<String> foreseen(VmSpec vm, MachineDescription machine) {
    ConvertSpec convert = vm.pipeline().convert();
    List<String> warnings = new ArrayList<>();
    if (convert.target() == DomainTarget.NONE) {
      return warnings;
    }
    warnings.addAll(MappedNetworks.warnings(vm, machine));
    DomainSpec wanted = convert.domain();
    DomainDevices devices = new DomainDevices(wanted, VirtioProof.none("not known before the run"));
    Optional<String> obstacle =
        wanted.diskBus().isPresent() ? DomainHardware.obstacle(machine, devices) : Optional.empty();
    if (convert.target() == DomainTarget.KUBEVIRT) {
      DomainHardware hardware =
          DomainHardware.of(machine, devices, GuestSystem.OTHER, convert.target());
      obstacle = obstacle.or(() -> KubevirtLimits.obstacle(hardware));
      if (obstacle.isEmpty() && (machine.described() || !machine.cards().isEmpty())) {
        warnings.addAll(KubevirtLimits.warnings(vm.name(), hardware));
      }
    }
    obstacle.ifPresent(
        reason ->
            warnings.add("there will be no %s: %s".formatted(convert.target().what(), reason)));
    return warnings;
  }
}
