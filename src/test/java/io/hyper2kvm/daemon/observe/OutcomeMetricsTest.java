package io.hyper2kvm.daemon.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.report.Failure;
import io.hyper2kvm.report.ManifestOutcome;
import io.hyper2kvm.report.ReusedFrom;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.report.StageReport;
import io.hyper2kvm.report.StageStatus;
import io.hyper2kvm.report.VmOutcome;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutcomeMetricsTest {

  private static final OffsetDateTime START = OffsetDateTime.parse("2026-01-24T14:30:45+01:00");
  private static final Optional<ReusedFrom> EARLIER =
      Optional.of(new ReusedFrom(Path.of("/out/p.json"), "m", "web", START));

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final OutcomeMetrics metrics = new OutcomeMetrics(registry.getPrometheusRegistry());

  private double value(String series) {
    return registry
        .scrape()
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .map(line -> Double.valueOf(line.substring(series.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no series " + series));
  }

  private double stages(String outcome, String stage, String le) {
    return value(
        "hyper2kvm_stage_duration_seconds_bucket{outcome=\"%s\",stage=\"%s\",le=\"%s\"}"
            .formatted(outcome, stage, le));
  }

  private double vms(String code, String outcome) {
    return value("hyper2kvm_vms_total{code=\"%s\",outcome=\"%s\"}".formatted(code, outcome));
  }

  private double manifests(String code, String outcome) {
    return value("hyper2kvm_manifests_total{code=\"%s\",outcome=\"%s\"}".formatted(code, outcome));
  }

  private static StageReport took(StageStatus status, long millis, Map<String, Object> details) {
    return new StageReport(status, Optional.of(START), Duration.ofMillis(millis), details);
  }

  private static Map<StageName, StageReport> stages(StageReport load, StageReport convert) {
    Map<StageName, StageReport> stages = new EnumMap<>(StageName.class);
    for (StageName name : StageName.values()) {
      stages.put(name, StageReport.without(StageStatus.SKIPPED, Map.of()));
    }
    stages.put(StageName.LOAD, load);
    stages.put(StageName.CONVERT, convert);
    return stages;
  }

  private static Map<String, Object> file(String path, long size) {
    return Map.of("path", path, "size_bytes", size);
  }

  private static Map<StageName, StageReport> converted() {
    Map<String, Object> load =
        Map.of(
            "artifacts",
            List.of(
                Map.of("fingerprint", List.of(file("/in/a.ova", 700))),
                Map.of("fingerprint", List.of(file("/in/a.ova", 700), file("/in/b.vmdk", 30)))));
    return stages(
        took(StageStatus.SUCCESS, 250, load),
        took(StageStatus.SUCCESS, 90_000, Map.of("size_bytes", 500L)));
  }

  private static Map<StageName, StageReport> notBegun() {
    StageReport not = StageReport.without(StageStatus.NOT_RUN, Map.of());
    return stages(not, not);
  }

  private static VmOutcome vm(
      Map<StageName, StageReport> stages,
      Optional<FailureCode> code,
      Optional<ReusedFrom> reused,
      Optional<Map<String, Object>> plan) {
    return new VmOutcome(
        "web",
        Map.of(),
        START,
        START,
        stages,
        List.of(),
        List.of(),
        Optional.empty(),
        List.of(),
        code.map(c -> Failure.of(c, "it failed")),
        reused,
        plan);
  }

  private static ManifestOutcome manifest(Optional<FailureCode> code, VmOutcome... vms) {
    return new ManifestOutcome(
        "m",
        "m.json",
        true,
        Map.of(),
        START,
        START,
        List.of(vms),
        code.map(c -> Failure.of(c, "it failed")));
  }

  private void run(VmOutcome outcome) {
    metrics.begun(List.of("web"));
    metrics.entered("web", StageName.LOAD);
    metrics.ended(outcome);
  }

  @Test
  void everySeriesIsThereFromTheStart() {
    for (FailureCode code : FailureCode.values()) {
      assertThat(vms(code.name(), "failed")).isZero();
      assertThat(manifests(code.name(), "failed")).isZero();
    }
    for (String outcome : List.of("completed", "planned", "reused")) {
      assertThat(vms("", outcome)).isZero();
    }
    assertThat(stages("failed", "validate", "43200.0")).isZero();
  }

  @Test
  void aCompletedVmCountsItsStagesAndBytesOnceForEachFile() {
    run(vm(converted(), Optional.empty(), Optional.empty(), Optional.empty()));

    assertThat(vms("", "completed")).isEqualTo(1);
    assertThat(value("hyper2kvm_read_bytes_total")).isEqualTo(730);
    assertThat(value("hyper2kvm_written_bytes_total")).isEqualTo(500);
    assertThat(stages("success", "load", "1.0")).isEqualTo(1);
    assertThat(stages("success", "convert", "60.0")).isZero();
    assertThat(stages("success", "convert", "120.0")).isEqualTo(1);
    assertThat(stages("success", "fix", "+Inf")).as("a stage that was skipped").isZero();
  }

  @Test
  void aReusedVmCountsNoStageAndNoByteOfTheEarlierRun() {
    run(vm(converted(), Optional.empty(), EARLIER, Optional.empty()));

    assertThat(vms("", "reused")).isEqualTo(1);
    assertThat(vms("", "completed")).isZero();
    assertThat(stages("success", "convert", "+Inf")).isZero();
    assertThat(value("hyper2kvm_read_bytes_total")).isZero();
    assertThat(metrics.running()).isZero();
    assertThat(metrics.waiting()).isZero();
  }

  @Test
  void aVmThatFailsAfterItsConversionHasReadAndWritten() {
    run(
        vm(
            converted(),
            Optional.of(FailureCode.BOOT_KERNEL_PANIC),
            Optional.empty(),
            Optional.empty()));

    assertThat(vms("BOOT_KERNEL_PANIC", "failed")).isEqualTo(1);
    assertThat(value("hyper2kvm_written_bytes_total")).isEqualTo(500);
  }

  @Test
  void aConversionThatFailsIsCountedAsSuch() {
    run(
        vm(
            stages(
                took(StageStatus.SUCCESS, 2_000, Map.of()),
                took(StageStatus.FAILED, 50_000_000, Map.of())),
            Optional.of(FailureCode.NO_SPACE),
            Optional.empty(),
            Optional.empty()));

    assertThat(stages("failed", "convert", "43200.0")).isZero();
    assertThat(stages("failed", "convert", "+Inf")).isEqualTo(1);
    assertThat(stages("success", "load", "5.0")).isEqualTo(1);
    assertThat(value("hyper2kvm_read_bytes_total")).isZero();
  }

  @Test
  void aDryRunIsPlanned() {
    VmOutcome planned =
        vm(
            stages(
                took(StageStatus.SUCCESS, 1, Map.of()),
                StageReport.without(StageStatus.SKIPPED, Map.of())),
            Optional.empty(),
            Optional.empty(),
            Optional.of(new HashMap<>()));
    run(planned);
    metrics.ended(manifest(Optional.empty(), planned));

    assertThat(vms("", "planned")).isEqualTo(1);
    assertThat(manifests("", "planned")).isEqualTo(1);
    assertThat(manifests("", "completed")).isZero();
  }

  @Test
  void aVmThatWasNotBegunLeavesTheQueue() {
    metrics.begun(List.of("a", "b"));
    assertThat(metrics.waiting()).isEqualTo(2);

    metrics.ended(
        vm(
            notBegun(),
            Optional.of(FailureCode.STOPPED_AFTER_FAILURE),
            Optional.empty(),
            Optional.empty()));

    assertThat(metrics.waiting()).isEqualTo(1);
    assertThat(metrics.running()).isZero();
    assertThat(vms("STOPPED_AFTER_FAILURE", "failed")).isEqualTo(1);
    assertThat(stages("failed", "load", "+Inf")).isZero();
  }

  @Test
  void whatAStopInterruptsIsNotCounted() {
    metrics.stopping(() -> true);
    run(vm(notBegun(), Optional.of(FailureCode.CANCELLED), Optional.empty(), Optional.empty()));

    assertThat(vms("CANCELLED", "failed")).isZero();
  }

  @Test
  void whatFailsDuringAStopIsCounted() {
    metrics.stopping(() -> true);
    run(vm(converted(), Optional.of(FailureCode.NO_SPACE), Optional.empty(), Optional.empty()));

    assertThat(vms("NO_SPACE", "failed")).isEqualTo(1);
  }

  @Test
  void aManifestHasTheCodeOfItsFirstFailure() {
    VmOutcome good = vm(converted(), Optional.empty(), Optional.empty(), Optional.empty());
    VmOutcome bad =
        vm(converted(), Optional.of(FailureCode.NO_SPACE), Optional.empty(), Optional.empty());

    metrics.ended(manifest(Optional.empty(), good, bad));
    metrics.ended(manifest(Optional.of(FailureCode.MANIFEST_INVALID)));
    metrics.ended(manifest(Optional.empty(), good));

    assertThat(manifests("NO_SPACE", "failed")).isEqualTo(1);
    assertThat(manifests("MANIFEST_INVALID", "failed")).isEqualTo(1);
    assertThat(manifests("", "completed")).isEqualTo(1);
  }

  @Test
  void aReportWithoutSizesCountsNothing() {
    for (Map<String, Object> load :
        List.<Map<String, Object>>of(
            Map.of(),
            Map.of("artifacts", "text"),
            Map.of("artifacts", List.of("text")),
            Map.of("artifacts", List.of(Map.of("fingerprint", List.of("text")))),
            Map.of("artifacts", List.of(Map.of("fingerprint", List.of(file("/a", -7))))))) {
      assertThat(ConvertedBytes.read(load)).isZero();
    }
    assertThat(ConvertedBytes.written(Map.of("size_bytes", "many"))).isZero();
  }
}
