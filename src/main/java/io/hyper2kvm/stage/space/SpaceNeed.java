package io.hyper2kvm.stage.space;

import io.hyper2kvm.stage.VmDisk;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.tool.QemuImg;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * What a VM will write into one folder.
 *
 * @param purpose its purpose, {@code output} or {@code work}
 * @param folder the folder; it may not exist yet
 * @param wanted the expected size, in bytes
 * @param least the least size with which it can work, in bytes
 * @param left how much of {@code wanted} is still to be written, in bytes; asked by any thread
 */
public record SpaceNeed(String purpose, Path folder, long wanted, long least, LongSupplier left) {

  private static final String OUTPUT = "output";
  private static final long MIB = 1L << 20;

  /** With less nothing is begun: overlays, logs and reports need space, too. */
  static final long FLOOR = 64 * MIB;

  /**
   * A compressed image takes a half to a third of its source's data, and less if much of that was
   * deleted or is zero; this is not known before. With less space than a twentieth it cannot
   * succeed.
   */
  private static final int MOST_COMPRESSION = 20;

  /** An appliance that only reads: its own overlay, its log, and the file systems' journals. */
  private static final long LOOK = 64 * MIB;

  /** The fixes: copies of every kernel's initramfs, and what changes in the guest. */
  private static final long FIX = 256 * MIB;

  /** What the fixes add to the guest: drivers, configurations, journals; half a MiB was seen. */
  private static final long FIX_GROWTH = 32 * MIB;

  /** A boot test: what its guest writes until it is up. */
  private static final long BOOT = 256 * MIB;

  public boolean isForOutput() {
    return purpose.equals(OUTPUT);
  }

  /**
   * Everything that a VM will write.
   *
   * @param measures by the index of their disk; a disk that was not measured counts as empty (an
   *     operator's route may leave the question out)
   */
  public static List<SpaceNeed> of(
      VmJob job, List<VmDisk> disks, Map<Integer, QemuImg.Measure> measures) {
    Map<Path, List<VmDisk>> byFolder = new LinkedHashMap<>();
    for (VmDisk disk : disks) {
      byFolder.computeIfAbsent(disk.target().getParent(), f -> new ArrayList<>()).add(disk);
    }
    ToLongFunction<VmDisk> size =
        disk ->
            Optional.ofNullable(measures.get(disk.index()))
                .map(QemuImg.Measure::required)
                .orElse(0L);
    boolean compress = job.spec().pipeline().convert().compress();
    boolean fix = job.spec().pipeline().fix().any();
    List<SpaceNeed> needs = new ArrayList<>();
    byFolder.forEach(
        (folder, own) -> {
          long wanted = own.stream().mapToLong(size).sum();
          LongSupplier left =
              () ->
                  own.stream()
                      .mapToLong(
                          d -> (long) (size.applyAsLong(d) * (1 - job.copy().copied(d.index()))))
                      .sum();
          needs.add(output(folder, wanted, fix, compress, left));
        });
    needs.add(work(job));
    return needs;
  }

  /** The need of an output whose source has so much data, and grows by its fixes. */
  public static SpaceNeed output(
      Path folder, long data, boolean fix, boolean compress, LongSupplier left) {
    long size = data + (fix ? FIX_GROWTH : 0);
    long least = compress ? size / MOST_COMPRESSION : size;
    return new SpaceNeed(OUTPUT, folder, Math.max(size, FLOOR), Math.max(least, FLOOR), left);
  }

  private static SpaceNeed work(VmJob job) {
    return work(
        job.directory().getParent(),
        job.needsAppliance(),
        job.spec().pipeline().fix().any(),
        job.spec().pipeline().validate().bootTest() && !job.isDryRun());
  }

  /** The need of the overlays, which hold only what differs from the source. */
  public static SpaceNeed work(Path folder, boolean look, boolean fix, boolean boot) {
    long bytes = (fix ? FIX : look ? LOOK : 0) + (boot ? BOOT : 0);
    bytes = Math.max(bytes, FLOOR);
    long wanted = bytes;
    return new SpaceNeed("work", folder, wanted, wanted, () -> wanted);
  }

  /** The same need with more, in bytes, all of it still to be written. */
  public SpaceNeed and(long more) {
    return new SpaceNeed(
        purpose, folder, wanted + more, least + more, () -> left.getAsLong() + more);
  }
}
