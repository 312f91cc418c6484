package io.hyper2kvm.stage.load;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.manifest.model.OutputFormat;
import io.hyper2kvm.stage.VmDisk;
import io.hyper2kvm.stage.VmJob;
import java.nio.file.Path;
import java.util.List;

/**
 * Disks with sectors of 4096 bytes. The appliance and the boot test show them as such; what else
 * the VM needs is said, and what cannot work is refused as soon as it is known.
 */
public final class SectorSizes {

  private static final int USUAL = 512;

  private SectorSizes() {}

  /** Whether the guest must be shown the disk with other sectors than those of 512 bytes. */
  public static boolean areUnusual(VmDisk disk) {
    return disk.source().logicalSectorSize() != USUAL;
  }

  /** Says what the VM must be given; a guest that is not looked into is taken for a BIOS guest. */
  static void afterLoad(VmJob job, List<VmDisk> disks) {
    boolean vdi = job.spec().pipeline().convert().format() == OutputFormat.VDI;
    for (VmDisk disk : disks) {
      if (areUnusual(disk)) {
        job.warn(
            "%s has a GPT for sectors of %d bytes: the VM must be given the disk with logical_block_size=%2$d%s"
                .formatted(
                    source(disk),
                    disk.source().logicalSectorSize(),
                    vdi ? ", which VirtualBox has not" : ""));
      }
    }
    VmDisk first = disks.get(0);
    if (!job.needsAppliance() && areUnusual(first) && bootTested(job)) {
      throw notBootable(
          first, "boot_test takes a guest for one that boots by BIOS without inspect");
    }
  }

  /**
   * A BIOS boots from no such disk.
   *
   * @param bootDisk the index of the disk that the guest is started from
   * @param uefi whether the guest has what UEFI starts
   */
  public static void afterInspect(VmJob job, int bootDisk, boolean uefi) {
    VmDisk boot = LoadResult.of(job).disks().get(bootDisk);
    if (uefi || !areUnusual(boot)) {
      return;
    }
    if (bootTested(job)) {
      throw notBootable(boot, "the guest boots by BIOS");
    }
    job.warn(
        "%s: no EFI loader was found, and a BIOS boots from no disk with sectors of %d bytes"
            .formatted(source(boot), boot.source().logicalSectorSize()));
  }

  private static StageFailedException notBootable(VmDisk disk, String reason) {
    return StageFailedException.because(
        FailureCode.SECTOR_SIZE_UNSUPPORTED,
        "%s has sectors of %d bytes, from which no BIOS boots, and %s"
            .formatted(source(disk), disk.source().logicalSectorSize(), reason));
  }

  private static boolean bootTested(VmJob job) {
    return job.spec().pipeline().validate().enabled()
        && job.spec().pipeline().validate().bootTest();
  }

  private static Path source(VmDisk disk) {
    return disk.origin().origin();
  }
}
