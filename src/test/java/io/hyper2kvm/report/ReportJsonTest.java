package io.hyper2kvm.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.failure.FailureCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** The files change only with a commit that says why: scripts of operators read them. */
class ReportJsonTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static String golden(String name) throws IOException {
    try (InputStream in = ReportJsonTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }

  private static List<String> keys(JsonNode node) {
    List<String> keys = new ArrayList<>();
    node.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private static Failure unreadable() {
    return new Failure(
        FailureCode.MANIFEST_UNREADABLE,
        "java.nio.file.AccessDeniedException: my-vm.json",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        "",
        FailureCode.MANIFEST_UNREADABLE.hint(),
        "java.nio.file.AccessDeniedException: my-vm.json");
  }

  @Test
  void theErrorOfAManifestThatDidNotFailIsRefused() {
    ManifestOutcome outcome = Outcomes.manifest(false, Optional.empty(), Outcomes.succeeded("web"));

    assertThatThrownBy(() -> ReportJson.error(outcome, Optional.empty(), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theErrorOfAnUnreadableManifestIsTheGoldenFile() throws IOException {
    ManifestOutcome outcome = Outcomes.manifest(false, Optional.of(unreadable()));

    assertThat(text(ReportJson.error(outcome, Optional.empty(), Optional.empty())))
        .isEqualTo(golden("unreadable-manifest.error.json"));
  }

  @Test
  void theErrorOfABatchIsTheGoldenFile() throws IOException {
    ManifestOutcome outcome =
        Outcomes.manifest(true, Optional.empty(), Outcomes.succeeded("web"), Outcomes.failed("db"));

    assertThat(
            text(
                ReportJson.error(
                    outcome,
                    Optional.of(Path.of("/var/log/hyper2kvm.log")),
                    Optional.of("my-vm.retry.json"))))
        .isEqualTo(golden("batch-one-failed.error.json"));
  }

  @Test
  void theReportOfASingleVmIsTheGoldenFile() throws IOException {
    ManifestOutcome outcome = Outcomes.manifest(false, Optional.empty(), Outcomes.succeeded("web"));

    assertThat(text(ReportJson.report(outcome))).isEqualTo(golden("single.report.json"));
  }

  @Test
  void theErrorHasTheSixKeysOfTheContract() throws IOException {
    ManifestOutcome outcome = Outcomes.manifest(false, Optional.empty(), Outcomes.failed("db"));

    JsonNode error = JSON.readTree(ReportJson.error(outcome, Optional.empty(), Optional.empty()));

    assertThat(keys(error))
        .contains("job_id", "original_name", "failed_at", "error", "exception", "status")
        .contains("vm", "stage", "code", "command", "exit_code", "stderr_tail", "hint", "stages");
    assertThat(error.path("status").asText()).isEqualTo("failed");
    assertThat(error.path("stages").path("validate").path("status").asText()).isEqualTo("not_run");
    assertThat(error.path("stages").path("fix").path("status").asText()).isEqualTo("skipped");
  }

  @Test
  void theReportHasTheKeysOfTheContract() throws IOException {
    ManifestOutcome outcome = Outcomes.manifest(false, Optional.empty(), Outcomes.succeeded("web"));

    JsonNode report = JSON.readTree(ReportJson.report(outcome));

    assertThat(keys(report)).contains("manifest", "status", "completed_at", "stages", "artifacts");
    assertThat(keys(report.path("stages")))
        .containsExactly("load", "inspect", "fix", "convert", "validate");
    assertThat(keys(report.path("artifacts"))).contains("input", "output");
    assertThat(report.path("status").asText()).isEqualTo("completed");
  }

  @Test
  void aBatchOfOneIsStillAList() throws IOException {
    ManifestOutcome outcome = Outcomes.manifest(true, Optional.empty(), Outcomes.succeeded("web"));

    JsonNode report = JSON.readTree(ReportJson.report(outcome));

    assertThat(report.path("vms")).hasSize(1);
    assertThat(report.has("stages")).isFalse();
  }

  @Test
  void metadataIsCopied() throws IOException {
    ManifestOutcome plain = Outcomes.manifest(false, Optional.empty(), Outcomes.succeeded("web"));
    ManifestOutcome outcome =
        new ManifestOutcome(
            plain.jobId(),
            plain.originalName(),
            false,
            Map.of("owner", "ops\u001b[31m"),
            plain.startedAt(),
            plain.completedAt(),
            plain.vms(),
            Optional.empty());

    String report = text(ReportJson.report(outcome));

    assertThat(JSON.readTree(report).path("metadata").path("owner").asText())
        .isEqualTo("ops\u001b[31m");
    assertThat(report).as("a terminal must not be controlled").doesNotContain("\u001b");
  }

  @Test
  void metadataOfOneVmStandsAtTheVm() throws IOException {
    VmOutcome plain = Outcomes.succeeded("web");
    VmOutcome vm =
        new VmOutcome(
            "web",
            Map.of("rack", 7),
            plain.startedAt(),
            plain.completedAt(),
            plain.stages(),
            plain.inputs(),
            plain.outputs(),
            plain.description(),
            plain.warnings(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    JsonNode report =
        JSON.readTree(ReportJson.report(Outcomes.manifest(true, Optional.empty(), vm)));

    assertThat(report.at("/vms/0/metadata/rack").asInt()).isEqualTo(7);
  }

  @Test
  void aFloodOfTextIsCutOff() throws IOException {
    Failure flood =
        new Failure(
            FailureCode.INTERNAL_ERROR,
            "m".repeat(1 << 20),
            Optional.empty(),
            Optional.empty(),
            Optional.of("c".repeat(1 << 20)),
            OptionalInt.empty(),
            "s".repeat(1 << 20),
            "hint",
            "e".repeat(1 << 20));

    byte[] json =
        ReportJson.error(
            Outcomes.manifest(false, Optional.of(flood)), Optional.empty(), Optional.empty());

    assertThat(json).hasSizeLessThan(300_000);
    assertThat(JSON.readTree(json).path("error").asText()).endsWith(" …");
  }

  @Test
  void timestampsCarryTheirOffsetAndMilliseconds() {
    assertThat(ReportJson.timestamp(OffsetDateTime.parse("2026-01-24T14:30:45.123456+05:30")))
        .isEqualTo("2026-01-24T14:30:45.123+05:30");
  }
}
