package io.hyper2kvm.stage.convert;

import io.hyper2kvm.report.Savings;
import io.hyper2kvm.stage.StageResult;
import io.hyper2kvm.stage.VmDisk;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.load.LoadResult;
import io.hyper2kvm.tool.QemuImg;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What qemu-img says of the sizes of a VM's disks while CONVERT copies them.
 *
 * @param fixed how much data a fixed disk has, by its index, in bytes
 * @param allocated what an output occupies, by the disk's index, in bytes
 */
record CopiedSizes(Map<Integer, Long> fixed, Map<Integer, Long> allocated) implements StageResult {

  CopiedSizes {
    fixed = Map.copyOf(fixed);
    allocated = Map.copyOf(allocated);
  }

  static CopiedSizes of(VmJob job) {
    return job.results()
        .find(CopiedSizes.class)
        .orElseGet(() -> new CopiedSizes(Map.of(), Map.of()));
  }

  CopiedSizes withFixed(VmDisk disk, long bytes) {
    return new CopiedSizes(with(fixed, disk, bytes), allocated);
  }

  CopiedSizes withAllocated(VmDisk disk, long bytes) {
    return new CopiedSizes(fixed, with(allocated, disk, bytes));
  }

  private static Map<Integer, Long> with(Map<Integer, Long> before, VmDisk disk, long bytes) {
    Map<Integer, Long> more = new HashMap<>(before);
    more.put(disk.index(), bytes);
    return more;
  }

  /**
   * The savings of the VM.
   *
   * @param outputSize the outputs' sizes together, in bytes
   */
  Savings savings(LoadResult loaded, long outputSize) {
    List<VmDisk> disks = loaded.disks();
    Map<Integer, QemuImg.Measure> measures = loaded.measures();
    long trimmed =
        disks.stream()
            .filter(disk -> fixed.containsKey(disk.index()) && measures.containsKey(disk.index()))
            .mapToLong(disk -> measures.get(disk.index()).required() - fixed.get(disk.index()))
            .sum();
    return new Savings(
        disks.stream().mapToLong(disk -> disk.source().virtualSize()).sum(),
        measures.size() == disks.size()
            ? Optional.of(measures.values().stream().mapToLong(QemuImg.Measure::required).sum())
            : Optional.empty(),
        // The fixes themselves may have written more than was given back.
        fixed.isEmpty() ? Optional.empty() : Optional.of(Math.max(0, trimmed)),
        outputSize,
        allocated.size() == disks.size()
            ? Optional.of(allocated.values().stream().mapToLong(Long::longValue).sum())
            : Optional.empty());
  }

  /** It is in the report with the stage's other sizes. */
  @Override
  public Map<String, Object> json() {
    return Map.of();
  }
}
