package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.guest.disk.BusNames;
import io.hyper2kvm.guest.initramfs.KernelDrivers;
import io.hyper2kvm.manifest.model.DiskBus;
import io.hyper2kvm.manifest.model.FixSpec;
import io.hyper2kvm.manifest.model.FstabMode;
import io.hyper2kvm.stage.StageResult;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.inspect.windows.WindowsProof;
import io.hyper2kvm.stage.machine.VirtioProof;
import io.hyper2kvm.stage.machine.VirtioProof.Finding;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the kernels of a Linux guest were seen to be able to drive. Of a Windows, {@link
 * WindowsProof} says it.
 *
 * @param kernels every kernel that may be booted
 * @param unstableName a name of a disk that only its bus of before gives it, and that is still in
 *     the guest, with its place; empty when there is none
 */
public record ProvenDrivers(List<KernelDrivers> kernels, Optional<String> unstableName)
    implements StageResult {

  public ProvenDrivers {
    kernels = List.copyOf(kernels);
    Objects.requireNonNull(unstableName, "unstableName");
  }

  /**
   * With the names of disks in a guest's files, and the kernels that nobody could look at.
   *
   * @param texts the guest's files as they will be
   * @param fix the fixes, which look after names in the files that are theirs
   */
  public static ProvenDrivers of(
      List<KernelDrivers> kernels, GuestFacts guest, Map<String, String> texts, FixSpec fix) {
    List<KernelDrivers> all = new ArrayList<>(kernels);
    for (String image : guest.unmatchedKernels()) {
      all.add(
          KernelDrivers.unproven(
              image, "the modules of the kernel image %s are not known".formatted(image)));
    }
    return new ProvenDrivers(all, Optional.empty()).in(texts, fix);
  }

  /** The same with the names of disks in these files. */
  public ProvenDrivers in(Map<String, String> texts, FixSpec fix) {
    Optional<String> name = Optional.empty();
    if (fix.fstab().filter(mode -> mode != FstabMode.NOOP).isEmpty()) {
      name = BusNames.inTables(texts);
    }
    if (name.isEmpty() && fix.grub().isEmpty()) {
      name = BusNames.inArguments(texts);
    }
    return new ProvenDrivers(kernels, name.map(Printable::guestBytes));
  }

  /** What is proven of a job's guest. */
  public static VirtioProof of(VmJob job) {
    Optional<ProvenDrivers> found = job.results().find(ProvenDrivers.class);
    if (found.isPresent()) {
      return found.get().proof(job.spec().pipeline().convert().domain().diskBus());
    }
    Optional<WindowsProof> windows = job.results().find(WindowsProof.class);
    if (windows.isPresent()) {
      return windows.get().proof(job.spec().pipeline().convert().domain().diskBus());
    }
    return InspectResult.find(job)
        .map(inspected -> VirtioProof.none(unknown(inspected.guest())))
        .orElseGet(() -> VirtioProof.none("the guest was not inspected"));
  }

  private static String unknown(GuestFacts guest) {
    return guest.os().equals("windows")
        ? "the drivers of a guest with Windows are not known without fix.windows"
        : "the drivers of a guest with an unknown system are not known";
  }

  /** The proof for disks on virtio, or on virtio-scsi where that is asked for. */
  private VirtioProof proof(Optional<DiskBus> bus) {
    Finding disk =
        bus.filter(DiskBus.SCSI::equals).isPresent()
            ? finding(
                KernelDrivers::noScsi,
                "virtio_scsi, sd_mod and virtio_pci are there when kernel %s starts")
            : finding(
                KernelDrivers::noDisk, "virtio_blk and virtio_pci are there when kernel %s starts");
    Finding card =
        finding(KernelDrivers::noCard, "virtio_net and virtio_pci are there for kernel %s");
    if (disk.proven() && unstableName.isPresent()) {
      disk =
          new Finding(
              false,
              "the guest has the drivers, but names %s, which would be another name on virtio"
                  .formatted(unstableName.get()));
    }
    Finding sata =
        finding(KernelDrivers::noSata, "ahci and sd_mod are there when kernel %s starts");
    return new VirtioProof(disk, sata, card);
  }

  private Finding finding(Function<KernelDrivers, String> lack, String proven) {
    if (kernels.isEmpty()) {
      return new Finding(false, "no kernel with its modules was found");
    }
    return kernels.stream()
        .map(lack)
        .filter(reason -> !reason.isEmpty())
        .findFirst()
        .map(reason -> new Finding(false, reason))
        .orElseGet(() -> new Finding(true, proven.formatted(versions())));
  }

  private String versions() {
    return String.join(", ", kernels.stream().map(KernelDrivers::kernel).toList());
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    proof(Optional.empty()).addTo(json);
    return json;
  }
}
