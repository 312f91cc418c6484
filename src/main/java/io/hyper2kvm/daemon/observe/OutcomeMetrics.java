package io.hyper2kvm.daemon.observe;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.report.Failure;
import io.hyper2kvm.report.ManifestOutcome;
import io.hyper2kvm.report.ProgressListener;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.report.StageReport;
import io.hyper2kvm.report.StageStatus;
import io.hyper2kvm.report.VmOutcome;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Counts what this process has brought to an end. All labels have fixed values; none is from a
 * manifest. Each series is there from the start, so that the first failure is seen as an increase.
 */
final class OutcomeMetrics implements ProgressListener {

  /** From a look at headers to the longest conversion, in seconds. */
  static final double[] BUCKETS = {
    1, 5, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 28_800, 43_200
  };

  private static final String COMPLETED = "completed";
  private static final String REUSED = "reused";
  private static final String PLANNED = "planned";
  private static final String FAILED = "failed";
  private static final String[] OUTCOME_AND_CODE = {"outcome", "code"};

  private final Counter manifests;
  private final Counter vms;
  private final Histogram stages;
  private final Counter read;
  private final Counter written;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();
  private volatile BooleanSupplier stopping = () -> false;

  OutcomeMetrics(PrometheusRegistry registry) {
    manifests =
        Counter.builder()
            .name("hyper2kvm_manifests_total")
            .help("Manifests that have ended in processed/ or failed/")
            .labelNames(OUTCOME_AND_CODE)
            .withoutExemplars()
            .register(registry);
    vms =
        Counter.builder()
            .name("hyper2kvm_vms_total")
            .help("VMs that have ended")
            .labelNames(OUTCOME_AND_CODE)
            .withoutExemplars()
            .register(registry);
    stages =
        Histogram.builder()
            .name("hyper2kvm_stage_duration_seconds")
            .help("How long the stages of VMs took that have ended")
            .labelNames("stage", "outcome")
            .classicOnly()
            .classicUpperBounds(BUCKETS)
            .withoutExemplars()
            .register(registry);
    read =
        Counter.builder()
            .name("hyper2kvm_read_bytes_total")
            .help("Size of the source files of the VMs whose disks were converted")
            .withoutExemplars()
            .register(registry);
    written =
        Counter.builder()
            .name("hyper2kvm_written_bytes_total")
            .help("Size of the outputs of the VMs whose disks were converted")
            .withoutExemplars()
            .register(registry);
    for (Counter counter : List.of(manifests, vms)) {
      counter.initLabelValues(COMPLETED, "");
      counter.initLabelValues(PLANNED, "");
      for (FailureCode code : FailureCode.values()) {
        counter.initLabelValues(FAILED, code.name());
      }
    }
    vms.initLabelValues(REUSED, "");
    for (StageName stage : StageName.values()) {
      stages.initLabelValues(stage.text(), StageStatus.SUCCESS.text());
      stages.initLabelValues(stage.text(), StageStatus.FAILED.text());
    }
  }

  /**
   * Tells whether the daemon is being stopped: what a stop interrupts is not counted, since the
   * next start runs it again.
   */
  void stopping(BooleanSupplier asked) {
    stopping = asked;
  }

  @Override
  public void begun(List<String> names) {
    waiting.addAndGet(names.size());
  }

  @Override
  public void entered(String vm, StageName stage) {
    if (stage == StageName.LOAD) {
      waiting.decrementAndGet();
      running.incrementAndGet();
    }
  }

  @Override
  public void ended(VmOutcome outcome) {
    (wasBegun(outcome) ? running : waiting).decrementAndGet();
    if (isCancelledByStop(outcome.failure())) {
      return;
    }
    vms.labelValues(outcomeOf(outcome), codeOf(outcome.failure())).inc();
    if (outcome.reusedFrom().isPresent()) {
      return; // Its stages are those of an earlier run, which were counted then.
    }
    outcome.stages().forEach(this::count);
    if (outcome.stages().get(StageName.CONVERT).status() == StageStatus.SUCCESS) {
      read.inc(ConvertedBytes.read(outcome.stages().get(StageName.LOAD).details()));
      written.inc(ConvertedBytes.written(outcome.stages().get(StageName.CONVERT).details()));
    }
  }

  private void count(StageName name, StageReport stage) {
    boolean ended = stage.status() == StageStatus.SUCCESS || stage.status() == StageStatus.FAILED;
    if (ended && stage.startedAt().isPresent()) {
      stages
          .labelValues(name.text(), stage.status().text())
          .observe(Math.max(0, stage.duration().toMillis()) / 1000.0);
    }
  }

  @Override
  public void ended(ManifestOutcome outcome) {
    String what = outcome.succeeded() ? COMPLETED : FAILED;
    boolean planned = outcome.vms().stream().anyMatch(vm -> vm.plan().isPresent());
    manifests
        .labelValues(
            outcome.succeeded() && planned ? PLANNED : what, codeOf(outcome.firstFailure()))
        .inc();
  }

  private boolean isCancelledByStop(Optional<Failure> failure) {
    return stopping.getAsBoolean()
        && failure.filter(f -> f.code() == FailureCode.CANCELLED).isPresent();
  }

  private static boolean wasBegun(VmOutcome outcome) {
    Map<StageName, StageReport> stages = outcome.stages();
    return outcome.reusedFrom().isPresent() || stages.get(StageName.LOAD).startedAt().isPresent();
  }

  private static String outcomeOf(VmOutcome outcome) {
    if (!outcome.succeeded()) {
      return FAILED;
    }
    if (outcome.reusedFrom().isPresent()) {
      return REUSED;
    }
    return outcome.plan().isPresent() ? PLANNED : COMPLETED;
  }

  private static String codeOf(Optional<Failure> failure) {
    return failure.map(f -> f.code().name()).orElse("");
  }

  /** VMs of the manifests at work that wait for a place. */
  int waiting() {
    return Math.max(0, waiting.get());
  }

  /** VMs at work. */
  int running() {
    return Math.max(0, running.get());
  }
}
