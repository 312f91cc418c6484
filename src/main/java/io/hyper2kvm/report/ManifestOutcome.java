package io.hyper2kvm.report;

import io.hyper2kvm.manifest.schedule.Timing;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The outcome of one manifest.
 *
 * @param jobId the manifest's name, or its file's stem when it could not be read
 * @param originalName the file's name as it was dropped
 * @param batch whether it is a batch
 * @param metadata the manifest's free object
 * @param timing when its VMs might begin, and before which others
 * @param startedAt when the manifest was taken
 * @param completedAt when its last VM ended
 * @param vms the VMs in the manifest's order; empty when it could not be read
 * @param failure why the manifest failed as a whole; empty when it did not, or a VM's failure is
 *     the reason
 */
public record ManifestOutcome(
    String jobId,
    String originalName,
    boolean batch,
    Map<String, Object> metadata,
    Timing timing,
    OffsetDateTime startedAt,
    OffsetDateTime completedAt,
    List<VmOutcome> vms,
    Optional<Failure> failure) {

  public ManifestOutcome {
    vms = List.copyOf(vms);
  }

  /** The outcome of a manifest that says nothing of its time, or of which that is not known. */
  public ManifestOutcome(
      String jobId,
      String originalName,
      boolean batch,
      Map<String, Object> metadata,
      OffsetDateTime startedAt,
      OffsetDateTime completedAt,
      List<VmOutcome> vms,
      Optional<Failure> failure) {
    this(jobId, originalName, batch, metadata, Timing.NONE, startedAt, completedAt, vms, failure);
  }

  /** Whether the manifest belongs to {@code processed/}. */
  public boolean succeeded() {
    return failure.isEmpty() && !vms.isEmpty() && vms.stream().allMatch(VmOutcome::succeeded);
  }

  /** The failure to name first: the manifest's own, else that of the first VM that failed. */
  public Optional<Failure> firstFailure() {
    return failure.or(() -> vms.stream().flatMap(vm -> vm.failure().stream()).findFirst());
  }
}
