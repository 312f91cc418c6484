package io.hyper2kvm.stage.publish;

import io.hyper2kvm.stage.SourceFingerprint.FileState;
import io.hyper2kvm.stage.StageResult;
import io.hyper2kvm.stage.VmDisk;
import io.hyper2kvm.stage.VmJob;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The hashes of the disks that are about to be published and signed.
 *
 * @param byDisk by the disk's index
 */
public record OutputDigests(Map<Integer, Digest> byDisk) implements StageResult {

  /**
   * A disk's hash.
   *
   * @param sha256 in hexadecimal digits
   * @param state the file as it was when it had been read
   */
  public record Digest(String sha256, FileState state) {}

  public OutputDigests {
    byDisk = Map.copyOf(byDisk);
  }

  /** Those of a job so far. */
  static OutputDigests of(VmJob job) {
    return job.results().find(OutputDigests.class).orElseGet(() -> new OutputDigests(Map.of()));
  }

  OutputDigests with(VmDisk disk, Digest digest) {
    Map<Integer, Digest> more = new LinkedHashMap<>(byDisk);
    more.put(disk.index(), digest);
    return new OutputDigests(more);
  }

  Optional<Digest> of(VmDisk disk) {
    return Optional.ofNullable(byDisk.get(disk.index()));
  }

  /** The report has no stage for it: the hashes are in the signed statement. */
  @Override
  public Map<String, Object> json() {
    return Map.of();
  }
}
