package io.hyper2kvm.stage.inspect.windows;

import io.hyper2kvm.guest.windows.DriverCheck;
import io.hyper2kvm.guest.windows.DriverVerdict;
import io.hyper2kvm.guest.windows.VirtioDriver;
import io.hyper2kvm.manifest.model.DiskBus;
import io.hyper2kvm.stage.StageResult;
import io.hyper2kvm.stage.machine.VirtioProof;
import io.hyper2kvm.stage.machine.VirtioProof.Finding;
import io.hyper2kvm.text.Printable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Which drivers a Windows was seen to have.
 *
 * @param blk for disks on virtio-blk
 * @param scsi for disks on virtio-scsi
 * @param sata for disks on SATA
 * @param card for network cards on virtio
 */
public record WindowsProof(
    DriverVerdict blk, DriverVerdict scsi, DriverVerdict sata, DriverVerdict card)
    implements StageResult {

  public WindowsProof {
    Objects.requireNonNull(blk, "blk");
    Objects.requireNonNull(scsi, "scsi");
    Objects.requireNonNull(sata, "sata");
    Objects.requireNonNull(card, "card");
  }

  /** By what a check found. */
  public static WindowsProof of(DriverCheck check) {
    return new WindowsProof(
        check.disk(VirtioDriver.VIOSTOR),
        check.disk(VirtioDriver.VIOSCSI),
        check.sata(),
        check.card());
  }

  /** The proof for disks on virtio, or on virtio-scsi where that is asked for. */
  public VirtioProof proof(Optional<DiskBus> bus) {
    return new VirtioProof(
        finding(bus.filter(DiskBus.SCSI::equals).isPresent() ? scsi : blk),
        finding(sata),
        finding(card));
  }

  private static Finding finding(DriverVerdict verdict) {
    return new Finding(verdict.proven(), Printable.guestLine(verdict.reason()));
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    proof(Optional.empty()).addTo(json);
    return json;
  }
}
