package io.hyper2kvm.stage.windows;

import io.hyper2kvm.manifest.model.CardModel;
import io.hyper2kvm.manifest.model.DiskBus;
import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.manifest.model.OutputFormat;
import io.hyper2kvm.stage.VmDisk;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.domain.DomainDevices;
import io.hyper2kvm.stage.domain.DomainHardware;
import io.hyper2kvm.stage.domain.DomainXml;
import io.hyper2kvm.stage.domain.GuestSystem;
import io.hyper2kvm.stage.inspect.InspectResult;
import io.hyper2kvm.stage.load.LoadResult;
import io.hyper2kvm.stage.machine.VirtioProof;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The machine as virt-v2v-in-place is told of it: firmware, cards, and the overlays as its disks in
 * the guest's order, on the hardware that it has before its drivers are there.
 */
final class ToolDomain {

  private static final DomainSpec PLAIN =
      new DomainSpec(
          Optional.of(DiskBus.SATA), Optional.of(CardModel.E1000E), Map.of(), Optional.empty());

  private ToolDomain() {}

  /** The libvirt domain of a job's overlays. */
  static byte[] of(VmJob job) {
    List<Path> overlays = LoadResult.of(job).disks().stream().map(VmDisk::overlay).toList();
    DomainDevices devices = new DomainDevices(PLAIN, VirtioProof.none("not known yet"));
    return DomainXml.of(
        DomainHardware.of(InspectResult.machineOf(job), devices, GuestSystem.OTHER)
            .definition(job.name(), overlays, OutputFormat.QCOW2));
  }
}
