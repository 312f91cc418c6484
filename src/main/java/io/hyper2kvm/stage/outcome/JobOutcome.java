package io.hyper2kvm.stage.outcome;

import io.hyper2kvm.report.ReusedFrom;
import io.hyper2kvm.report.VmOutcome;
import io.hyper2kvm.signature.AttestationFile;
import io.hyper2kvm.stage.ExpectedWork;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.load.LoadResult;
import io.hyper2kvm.stage.provenance.Provenance;
import io.hyper2kvm.stage.provenance.ProvenanceFile;
import io.hyper2kvm.stage.publish.PublishResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Assembles the outcome of a VM. A VM that reuses an earlier run's outputs has that run's stages,
 * and its warnings before its own.
 */
public final class JobOutcome {

  private JobOutcome() {}

  /** The outcome of a VM at the end of its way; asked once, as its live status ends with it. */
  public static VmOutcome of(VmJob job) {
    VmOutcome outcome = assembled(job);
    job.ended(outcome);
    return outcome;
  }

  private static VmOutcome assembled(VmJob job) {
    Optional<Provenance> reused = reused(job);
    Optional<PublishResult> published = job.results().find(PublishResult.class);
    return new VmOutcome(
        job.name(),
        job.spec().metadata(),
        job.startedAt(),
        job.now(),
        reused.map(Provenance::stages).orElseGet(job::stages),
        job.inputs(),
        reused
            .map(Provenance::paths)
            .orElseGet(() -> published.map(PublishResult::outputs).orElse(List.of())),
        reused
            .map(Provenance::description)
            .orElseGet(() -> published.flatMap(PublishResult::domain).map(d -> described(job, d))),
        reused
            .map(record -> AttestationFile.beside(record.paths().get(0)))
            .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
            .or(() -> published.flatMap(PublishResult::signature)),
        warnings(job, reused),
        job.failure(),
        reused.map(JobOutcome::reusedFrom),
        estimate(job),
        job.isDryRun() ? Optional.of(DryRunPlan.of(job)) : Optional.empty());
  }

  private static VmOutcome.Description described(VmJob job, Path file) {
    return new VmOutcome.Description(job.spec().pipeline().convert().target(), file);
  }

  /** Of a VM that was not worked on to its end, only what was expected. */
  private static Optional<Map<String, Object>> estimate(VmJob job) {
    boolean worked = job.results().find(PublishResult.class).isPresent();
    return job.results()
        .find(ExpectedWork.class)
        .map(
            work ->
                work.estimate()
                    .map(found -> worked ? found.json(job.stages()) : found.json())
                    .orElseGet(ExpectedWork::unknown));
  }

  private static Optional<Provenance> reused(VmJob job) {
    return job.failed()
        ? Optional.empty()
        : job.results().find(LoadResult.class).flatMap(loaded -> loaded.earlier().reusable());
  }

  private static List<String> warnings(VmJob job, Optional<Provenance> reused) {
    List<String> before = reused.map(Provenance::warnings).orElse(List.of());
    List<String> warnings = new ArrayList<>(before);
    // A route in direct:before-load says the same in each run.
    job.warnings().stream().filter(warning -> !before.contains(warning)).forEach(warnings::add);
    return warnings;
  }

  private static ReusedFrom reusedFrom(Provenance record) {
    Path file = ProvenanceFile.of(record.paths().get(0));
    return new ReusedFrom(file, record.manifest(), record.vm(), record.completedAt());
  }
}
