package io.hyper2kvm.daemon.completion;

import io.hyper2kvm.daemon.intake.ManifestRun;
import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.manifest.model.Manifest;
import io.hyper2kvm.manifest.parse.ManifestInvalidException;
import io.hyper2kvm.manifest.schedule.Timing;
import io.hyper2kvm.report.Failure;
import io.hyper2kvm.report.ManifestOutcome;
import io.hyper2kvm.report.VmOutcome;
import java.io.IOException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;

/** The outcome of a manifest, made of the outcomes of its VMs. */
final class ManifestOutcomes {

  private final Clock clock;

  ManifestOutcomes(Clock clock) {
    this.clock = clock;
  }

  /**
   * The failure of a manifest itself, not of a VM.
   *
   * @param stopping whether the daemon is being stopped
   */
  static Failure failure(Throwable thrown, boolean stopping) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof ManifestInvalidException) {
        return failure(FailureCode.MANIFEST_INVALID, cause.getMessage(), thrown);
      }
      if (cause instanceof RejectedExecutionException && stopping) {
        return failure(FailureCode.CANCELLED, "the daemon is being stopped", thrown);
      }
      if (cause instanceof IOException) {
        return failure(FailureCode.MANIFEST_UNREADABLE, cause.toString(), thrown);
      }
    }
    return failure(FailureCode.INTERNAL_ERROR, String.valueOf(thrown), thrown);
  }

  private static Failure failure(FailureCode code, String message, Throwable thrown) {
    return Failure.of(code, message, Failure.describe(thrown));
  }

  /** The outcome of a manifest whose VMs succeeded and whose report could not be written. */
  static ManifestOutcome unreported(ManifestOutcome outcome, IOException reason) {
    String message = "all VMs succeeded, but the report could not be written: " + reason;
    return new ManifestOutcome(
        outcome.jobId(),
        outcome.originalName(),
        outcome.batch(),
        outcome.metadata(),
        outcome.timing(),
        outcome.startedAt(),
        outcome.completedAt(),
        outcome.vms(),
        Optional.of(failure(FailureCode.REPORT_NOT_WRITTEN, message, reason)));
  }

  /**
   * The outcome of a manifest whose VMs have all ended, or that has failed itself.
   *
   * @param body the list of {@link VmOutcome}, or the {@link Failure} of the manifest itself
   */
  ManifestOutcome of(ManifestRun run, Object body) {
    Optional<Failure> failure =
        body instanceof Failure failed ? Optional.of(failed) : Optional.empty();
    List<VmOutcome> vms = failure.isPresent() ? List.of() : inOrder(run, (List<?>) body);
    if (failure.isEmpty() && vms.size() != run.jobs().size()) {
      String message =
          "%d of %d VMs came back from their pipeline".formatted(vms.size(), run.jobs().size());
      failure =
          Optional.of(
              failure(FailureCode.INTERNAL_ERROR, message, new IllegalStateException(message)));
    }
    if (failure.isEmpty() && run.cancelled()) {
      // An operator asked for the cancellation: it is reported before any other failure.
      failure =
          vms.stream()
              .flatMap(vm -> vm.failure().stream())
              .filter(ManifestOutcomes::isCancel)
              .findFirst();
    }
    Optional<Manifest> manifest = run.manifest();
    return new ManifestOutcome(
        manifest.map(Manifest::name).orElse(run.original().stem()),
        run.original().name(),
        manifest.map(Manifest::batch).orElse(false),
        manifest.map(Manifest::metadata).orElse(Map.of()),
        manifest.map(Manifest::timing).orElse(Timing.NONE),
        run.startedAt(),
        OffsetDateTime.now(clock),
        vms,
        failure);
  }

  private static List<VmOutcome> inOrder(ManifestRun run, List<?> outcomes) {
    List<VmOutcome> sorted = new ArrayList<>();
    run.jobs()
        .forEach(
            job ->
                outcomes.stream()
                    .map(VmOutcome.class::cast)
                    .filter(outcome -> outcome.name().equals(job.name()))
                    .forEach(sorted::add));
    return sorted;
  }

  /** Whether it, or one of its VMs, was cancelled. */
  static boolean wasCancelled(ManifestOutcome outcome) {
    return outcome.failure().filter(ManifestOutcomes::isCancel).isPresent()
        || outcome.vms().stream()
            .flatMap(vm -> vm.failure().stream())
            .anyMatch(ManifestOutcomes::isCancel);
  }

  private static boolean isCancel(Failure failure) {
    return failure.code() == FailureCode.CANCELLED;
  }
}
