package io.hyper2kvm.daemon.completion;

import io.hyper2kvm.daemon.intake.Holds;
import io.hyper2kvm.daemon.intake.ManifestIntake;
import io.hyper2kvm.daemon.intake.ManifestRun;
import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.manifest.model.Manifest;
import io.hyper2kvm.manifest.model.OnFailure;
import io.hyper2kvm.report.Failure;
import io.hyper2kvm.report.VmOutcome;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.cleanup.JobCleanup;
import io.hyper2kvm.stage.outcome.JobOutcome;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** The Java side of route vm-pipeline: begin, failure and end of one VM. */
public final class VmPipeline {

  private static final Logger LOG = LogManager.getLogger(VmPipeline.class);
  private final ManifestIntake intake;
  private final Holds holds;
  private final JobCleanup cleanup;

  /** The manifest of each VM that runs: at the VM's end its route passes the VM only. */
  private final Map<VmJob, ManifestRun> atWork = new ConcurrentHashMap<>();

  /** A pipeline that begins nothing once the intake is stopping, and cleans up after each VM. */
  public VmPipeline(ManifestIntake intake, Holds holds, JobCleanup cleanup) {
    this.intake = intake;
    this.holds = holds;
    this.cleanup = cleanup;
  }

  /** Begins the VM. It fails at once if its batch or the daemon is being stopped. */
  public void begin(Exchange exchange, VmJob job) {
    if (intake.stopping()) {
      job.notBegun(FailureCode.CANCELLED, "the daemon is being stopped");
      return;
    }
    ManifestRun run = ManifestIntake.run(exchange);
    if (run.cancelled()) {
      job.notBegun(FailureCode.CANCELLED, "the manifest was cancelled");
      return;
    }
    if (run.stopped()) {
      job.notBegun(
          FailureCode.STOPPED_AFTER_FAILURE,
          "another VM of the batch failed and on_failure is stop");
      LOG.warn("vm-not-begun manifest={} vm={}", job.manifestName(), job.name());
      return;
    }
    if (holds.hasPassed(run)) {
      job.notBegun(
          FailureCode.SCHEDULE_PASSED,
          "its schedule has passed (%s)".formatted(run.schedule().text()));
      LOG.warn(
          "vm-not-begun manifest={} vm={} reason=its schedule has passed",
          job.manifestName(),
          job.name());
      return;
    }
    if (!run.enter()) {
      job.notBegun(FailureCode.CANCELLED, "the manifest was cancelled");
      return;
    }
    atWork.put(job, run);
    LOG.info("vm-started manifest={} vm={}", job.manifestName(), job.name());
  }

  /**
   * Throws if the manifest was cancelled: a cancellation must not wait for the copy of the disks.
   */
  public void requireNotCancelled(Exchange exchange, VmJob job) {
    if (job.hasWorkLeft() && ManifestIntake.run(exchange).cancelled()) {
      throw cancelled(job, null);
    }
  }

  /** Keeps the failure that ended the VM; the manifest goes on. */
  public void fail(Exchange exchange, VmJob job) {
    Throwable thrown = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    ManifestRun run = ManifestIntake.run(exchange);
    run.leave();
    // The interrupt has ended the work. If the flag stayed set, cleanup and move would fail.
    boolean interrupted = Thread.interrupted() || isInterrupt(thrown);
    if (interrupted && run.cancelled()) {
      thrown = cancelled(job, thrown);
    } else if (interrupted && intake.stopping()) {
      String message = job.name() + " was stopped: the daemon is being stopped";
      thrown = StageFailedException.causedBy(FailureCode.CANCELLED, message, thrown);
    }
    Failure failure = job.fail(thrown);
    LOG.error(
        "vm-failed manifest={} vm={} stage={} code={} error={}",
        job.manifestName(),
        job.name(),
        failure.stage().map(stage -> stage.text()).orElse("-"),
        failure.code(),
        failure.message());
    LOG.debug("vm-failed-because manifest={} vm={}", job.manifestName(), job.name(), thrown);
    if (run.manifest().map(Manifest::onFailure).orElse(OnFailure.CONTINUE) == OnFailure.STOP) {
      run.stop();
    }
  }

  private static StageFailedException cancelled(VmJob job, Throwable cause) {
    return StageFailedException.causedBy(
        FailureCode.CANCELLED, job.name() + " was cancelled", cause);
  }

  private static boolean isInterrupt(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof InterruptedException
          || cause instanceof InterruptedIOException
          || cause instanceof ClosedByInterruptException) {
        return true;
      }
    }
    return false;
  }

  /** Ends what the VM still uses and removes what it leaves; never throws. */
  public void cleanUp(VmJob job) {
    ManifestRun run = atWork.remove(job);
    if (run != null) {
      run.leave();
      // An interrupt came after the last step: the VM has ended, and the manifest's steps follow.
      Thread.interrupted();
    }
    cleanup.run(job);
  }

  /** The outcome of the VM. */
  public VmOutcome outcome(VmJob job) {
    VmOutcome outcome = JobOutcome.of(job);
    if (outcome.reusedFrom().isPresent()) {
      LOG.info("vm-reused manifest={} vm={}", job.manifestName(), job.name());
    }
    if (outcome.succeeded()) {
      LOG.info("vm-completed manifest={} vm={}", job.manifestName(), job.name());
    }
    return outcome;
  }
}
