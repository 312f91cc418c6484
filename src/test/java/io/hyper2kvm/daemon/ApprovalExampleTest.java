package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyper2kvm.workflow.CancelRequest;
import io.hyper2kvm.workflow.FileIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example {@code approval} with a real folder. */
@Tag("daemon")
class ApprovalExampleTest {

  @TempDir Path folder;
  private RunningDaemon daemon;
  private InstalledExamples example;

  @BeforeEach
  void prepare() throws IOException {
    daemon = new RunningDaemon(folder);
    example = new InstalledExamples(daemon, "approval").with("APPROVAL_DIR", approvals());
    Files.createDirectories(approvals());
  }

  private Path approvals() {
    return folder.resolve("approvals");
  }

  private void approve(String vm) throws IOException {
    Files.writeString(approvals().resolve(vm + ".approved"), "");
  }

  private static void awaitWaiting(RunningDaemon running) {
    await()
        .atMost(RunningDaemon.LIMIT)
        .until(() -> running.context().getInflightRepository().size("approval") == 1);
  }

  private static List<String> conversions(RunningDaemon running) throws IOException {
    return running.tools.calls().stream().filter(call -> call.startsWith("convert")).toList();
  }

  @Test
  void aVmIsConvertedWhenItIsApproved() throws Exception {
    try (RunningDaemon running = example.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));
      awaitWaiting(running);
      approve("other");
      assertThat(conversions(running)).isEmpty();

      approve("web");
      running.report("web.json");

      assertThat(conversions(running)).hasSize(1);
      assertThat(RunningDaemon.names(approvals())).containsExactly("other.approved");
    }
  }

  @Test
  void aVmThatNobodyApprovesInTimeFails() throws Exception {
    example.with("APPROVAL_LIMIT", "1s");
    try (RunningDaemon running = example.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));

      JsonNode error = running.error("web.json");
      assertThat(error.path("code").asText()).isEqualTo("HOOK_FAILED");
      assertThat(error.path("stage").asText()).isEqualTo("convert");
      assertThat(error.path("error").asText()).endsWith("web.approved did not come within 1s");
      assertThat(conversions(running)).isEmpty();
      assertThat(RunningDaemon.names(running.output())).isEmpty();
    }
  }

  @Test
  void aFolderThatIsNotThereApprovesNothing() throws Exception {
    Files.delete(approvals());
    example.with("APPROVAL_LIMIT", "1s");
    try (RunningDaemon running = example.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));

      assertThat(running.error("web.json").path("error").asText())
          .endsWith("web.approved did not come within 1s");
    }
  }

  @Test
  void aVmThatWaitsIsCancelledAtOnce() throws Exception {
    try (RunningDaemon running = example.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));
      awaitWaiting(running);

      Path manifest = running.directories.processing().resolve("web.json");
      CancelRequest.write(running.directories, "web.json", FileIdentity.of(manifest).orElseThrow());

      assertThat(running.error("web.json").path("code").asText()).isEqualTo("CANCELLED");
    }
  }

  @Test
  void aStopPutsTheManifestBackToWaitAnew() throws Exception {
    daemon.shutdownTimeout = Duration.ofSeconds(1);
    try (RunningDaemon running = example.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));
      awaitWaiting(running);
    }

    assertThat(RunningDaemon.names(daemon.directories.toBeProcessed())).containsExactly("web.json");
  }

  @Test
  void aDryRunNeedsNoApproval() throws Exception {
    daemon.dryRun = true;
    try (RunningDaemon running = example.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));

      assertThat(running.report("web.json").path("dry_run").asBoolean()).isTrue();
    }
  }
}
