package io.hyper2kvm.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutcomeTest {

  @Test
  void anOutcomeWithoutAStageIsRefused() {
    Map<StageName, StageReport> stages = new EnumMap<>(Outcomes.succeeded("web").stages());
    stages.remove(StageName.FIX);

    assertThatThrownBy(
            () ->
                new VmOutcome(
                    "web",
                    Map.of(),
                    Outcomes.START,
                    Outcomes.START,
                    stages,
                    List.of(),
                    List.of(),
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a stage is missing");
  }

  @Test
  void oneFailedVmFailsTheManifest() {
    ManifestOutcome outcome =
        Outcomes.manifest(true, Optional.empty(), Outcomes.succeeded("web"), Outcomes.failed("db"));

    assertThat(outcome.succeeded()).isFalse();
    assertThat(outcome.firstFailure().orElseThrow().vm()).contains("db");
  }

  @Test
  void aManifestWithoutAnyVmDidNotSucceed() {
    assertThat(Outcomes.manifest(true, Optional.empty()).succeeded()).isFalse();
  }

  @Test
  void theManifestsOwnFailureIsNamedFirst() {
    Failure own = Outcomes.failure("other", StageName.LOAD);
    ManifestOutcome outcome = Outcomes.manifest(true, Optional.of(own), Outcomes.failed("db"));

    assertThat(outcome.succeeded()).isFalse();
    assertThat(outcome.firstFailure()).contains(own);
  }

  @Test
  void allVmsDoneIsASuccess() {
    assertThat(
            Outcomes.manifest(
                    true, Optional.empty(), Outcomes.succeeded("web"), Outcomes.succeeded("db"))
                .succeeded())
        .isTrue();
  }

  @Test
  void aStagesDetailsAreACopy() {
    Map<String, Object> details = new HashMap<>(Map.of("key", "old"));
    StageReport report =
        new StageReport(StageStatus.SUCCESS, Optional.empty(), Duration.ZERO, details);
    details.put("key", "new");

    assertThat(report.details()).containsEntry("key", "old");
  }

  @Test
  void aDescriptionNamesTheCausesAndIsBounded() {
    Throwable failure = new IllegalStateException("cause 0");
    for (int i = 1; i < 50; i++) {
      failure = new IllegalStateException("cause " + i, failure);
    }

    assertThat(Failure.describe(failure).lines())
        .hasSizeLessThanOrEqualTo(50)
        .first()
        .isEqualTo("java.lang.IllegalStateException: cause 49");
    assertThat(Failure.describe(failure)).contains("caused by ").doesNotContain("cause 39\n");
  }

  @Test
  void aCircleOfCausesIsDescribedToo() {
    Exception one = new Exception("one");
    Exception two = new Exception("two", one);
    one.initCause(two);

    assertThat(Failure.describe(one)).contains("one", "two");
  }
}
