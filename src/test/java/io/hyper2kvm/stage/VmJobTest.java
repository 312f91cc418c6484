package io.hyper2kvm.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.manifest.model.FixSpec;
import io.hyper2kvm.manifest.model.FstabMode;
import io.hyper2kvm.manifest.model.ValidateSpec;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.report.StageReport;
import io.hyper2kvm.report.StageStatus;
import io.hyper2kvm.report.VmOutcome;
import io.hyper2kvm.stage.outcome.JobOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VmJobTest {

  @TempDir Path directory;
  private Jobs jobs;

  @BeforeEach
  void jobs() throws IOException {
    jobs = new Jobs(directory.toRealPath());
  }

  private static List<StageStatus> statuses(VmOutcome outcome) {
    return outcome.stages().values().stream().map(StageReport::status).toList();
  }

  private void wantEverything() {
    jobs.fix =
        new FixSpec(
            Optional.of(FstabMode.NOOP),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
  }

  @Test
  void aVmThatWasNotBegunHasRunNothingOfWhatWasAskedFor() {
    VmJob job = jobs.job();
    job.notBegun(FailureCode.STOPPED_AFTER_FAILURE, "another VM failed");

    VmOutcome outcome = JobOutcome.of(job);

    assertThat(outcome.failure().orElseThrow().code()).isEqualTo(FailureCode.STOPPED_AFTER_FAILURE);
    assertThat(statuses(outcome))
        .containsExactly(
            StageStatus.NOT_RUN,
            StageStatus.SKIPPED,
            StageStatus.SKIPPED,
            StageStatus.NOT_RUN,
            StageStatus.NOT_RUN);
  }

  @Test
  void afterAFailureOnlyWhatWasAskedForIsNotRun() {
    jobs.validate = new ValidateSpec(false, false);
    VmJob job = jobs.job();
    job.enter(StageName.LOAD);
    job.fail(new IllegalStateException("x"));

    assertThat(statuses(JobOutcome.of(job)))
        .containsExactly(
            StageStatus.FAILED,
            StageStatus.SKIPPED,
            StageStatus.SKIPPED,
            StageStatus.NOT_RUN,
            StageStatus.SKIPPED);
  }

  @Test
  void aFixNeedsTheInspectionAlthoughNobodyAskedForIt() {
    wantEverything();
    VmJob job = jobs.job();
    job.enter(StageName.LOAD);
    job.fail(new IllegalStateException("x"));

    assertThat(statuses(JobOutcome.of(job)))
        .containsExactly(
            StageStatus.FAILED,
            StageStatus.NOT_RUN,
            StageStatus.NOT_RUN,
            StageStatus.NOT_RUN,
            StageStatus.NOT_RUN);
  }

  @Test
  void onlyTheFirstFailureCounts() {
    VmJob job = jobs.job();
    job.enter(StageName.LOAD);
    job.fail(StageFailedException.because(FailureCode.SOURCE_CHANGED, "first"));
    job.fail(StageFailedException.because(FailureCode.OUTPUT_EXISTS, "second"));

    assertThat(JobOutcome.of(job).failure().orElseThrow().message()).isEqualTo("first");
  }

  @Test
  void theEvidenceOfAFailureStandsInItsStage() {
    VmJob job = jobs.job();
    job.enter(StageName.VALIDATE);
    job.fail(
        new RuntimeException(
            StageFailedException.withEvidence(
                FailureCode.OUTPUT_CORRUPT, "it is broken", Map.of("checks", List.of("c1")))));

    assertThat(JobOutcome.of(job).stages().get(StageName.VALIDATE).details())
        .isEqualTo(
            Map.of("checks", List.of("c1"), "code", "OUTPUT_CORRUPT", "error", "it is broken"));
  }

  @Test
  void whatAStageFoundSurvivesAFailureAfterItsEnd() {
    VmJob job = jobs.job();
    job.enter(StageName.VALIDATE);
    job.complete(() -> Map.of("checks", List.of("c1")));
    job.fail(StageFailedException.because(FailureCode.OUTPUT_EXISTS, "it appeared"));

    StageReport report = JobOutcome.of(job).stages().get(StageName.VALIDATE);
    assertThat(report.status()).isEqualTo(StageStatus.FAILED);
    assertThat(report.details())
        .containsEntry("checks", List.of("c1"))
        .containsEntry("code", "OUTPUT_EXISTS");
  }

  @Test
  void aVmThatDidWhatWasAskedForSucceededAndTheRestIsSkipped() {
    VmJob job = jobs.job();
    for (StageName stage : List.of(StageName.LOAD, StageName.CONVERT, StageName.VALIDATE)) {
      job.enter(stage);
      jobs.clock.advance(Duration.ofMillis(1500));
      job.complete(() -> Map.of());
    }

    VmOutcome outcome = JobOutcome.of(job);

    assertThat(outcome.succeeded()).isTrue();
    assertThat(statuses(outcome))
        .containsExactly(
            StageStatus.SUCCESS,
            StageStatus.SKIPPED,
            StageStatus.SKIPPED,
            StageStatus.SUCCESS,
            StageStatus.SUCCESS);
    assertThat(outcome.stages().get(StageName.CONVERT).duration())
        .isEqualTo(Duration.ofMillis(1500));
    assertThat(outcome.inputs()).containsExactly(jobs.source);
  }
}
