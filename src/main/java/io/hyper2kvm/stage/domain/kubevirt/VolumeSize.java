package io.hyper2kvm.stage.domain.kubevirt;

import io.hyper2kvm.manifest.model.VolumeKind;

/**
 * What is requested for a disk's volume. CDI sizes images by whole MiB and keeps a part of a volume
 * with a file system free, 6 % unless the cluster says otherwise; to a DataVolume's request for
 * storage it adds that part itself.
 */
final class VolumeSize {

  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;
  private static final long PERCENT_FREE = 6;

  private VolumeSize() {}

  /**
   * The size to request, in bytes; a whole number of MiB.
   *
   * @param virtualSize of the disk, in bytes; greater than zero
   */
  static long of(long virtualSize, VolumeKind kind) {
    if (virtualSize <= 0) {
      throw new IllegalArgumentException("a disk of " + virtualSize + " bytes");
    }
    long mebibytes = up(virtualSize, MIB);
    return MIB * (kind == VolumeKind.PVC ? up(100 * mebibytes, 100 - PERCENT_FREE) : mebibytes);
  }

  /** As a quantity of Kubernetes. */
  static String text(long bytes) {
    return bytes % GIB == 0 ? bytes / GIB + "Gi" : up(bytes, MIB) + "Mi";
  }

  private static long up(long number, long unit) {
    return number / unit + (number % unit == 0 ? 0 : 1);
  }
}
