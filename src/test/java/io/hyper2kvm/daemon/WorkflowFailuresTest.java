package io.hyper2kvm.daemon;

import static io.hyper2kvm.daemon.RunningDaemon.images;
import static io.hyper2kvm.daemon.RunningDaemon.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the routes make of tools that fail and of folders that cannot be written. */
@Tag("daemon")
class WorkflowFailuresTest {

  @TempDir Path folder;
  RunningDaemon daemon;

  @BeforeEach
  void prepare() throws Exception {
    daemon = new RunningDaemon(folder);
  }

  private JsonNode errorOfOneVm() throws IOException {
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));
      JsonNode error = running.error("web.json");
      assertThat(names(running.output())).as("nothing published, no part file").isEmpty();
      assertThat(names(running.work())).as("no job directory").isEmpty();
      assertThat(names(running.directories.processing())).isEmpty();
      return error;
    }
  }

  @Test
  void toolThatFailsIsNamedWithCommandExitCodeAndItsWords() throws Exception {
    daemon.tools.before("convert", "echo 'qemu-img: error while writing: oh no' >&2; exit 3");

    JsonNode error = errorOfOneVm();

    assertThat(error.path("code").asText()).isEqualTo("TOOL_EXITED_NONZERO");
    assertThat(error.path("stage").asText()).isEqualTo("convert");
    assertThat(error.path("command").asText()).startsWith("qemu-img convert -p -O raw");
    assertThat(error.path("exit_code").asInt()).isEqualTo(3);
    assertThat(error.path("stderr_tail").asText()).contains("oh no");
    assertThat(error.path("hint").asText()).isNotBlank();
    assertThat(error.path("stages").path("validate").path("status").asText()).isEqualTo("not_run");
  }

  @Test
  void fullDiskIsNamedAsSuch() throws Exception {
    daemon.tools.before("convert", "echo 'x: No space left on device' >&2; exit 1");

    assertThat(errorOfOneVm().path("code").asText()).isEqualTo("NO_SPACE");
  }

  @Test
  void missingToolIsNamed() throws Exception {
    daemon.tools.remove("qemu-img");
    daemon.path = daemon.tools.folder().toString();

    JsonNode error = errorOfOneVm();

    assertThat(error.path("code").asText()).isEqualTo("TOOL_NOT_FOUND");
    assertThat(error.path("error").asText()).contains("qemu-img").contains(daemon.path);
    assertThat(error.has("exit_code")).isFalse();
  }

  @Test
  void toolThatHangsIsEndedWithItsChildren() throws Exception {
    Path pids = daemon.root.resolve("pids");
    daemon.tools.before(
        "convert",
        "sleep 1000 & echo \"$$ $!\" >'%s.tmp'; mv '%s.tmp' '%s'; wait"
            .formatted(pids, pids, pids));
    daemon.convertTimeout = Duration.ofSeconds(2);

    JsonNode error = errorOfOneVm();

    assertThat(error.path("code").asText()).isEqualTo("TOOL_TIMED_OUT");
    for (String pid : Files.readString(pids).strip().split(" ")) {
      await()
          .atMost(RunningDaemon.LIMIT)
          .until(() -> !isAlive(ProcessHandle.of(Long.parseLong(pid))));
    }
  }

  private static boolean isAlive(Optional<ProcessHandle> process) {
    return process.map(ProcessHandle::isAlive).orElse(false);
  }

  @Test
  void outputThatDiffersIsNotPublished() throws Exception {
    daemon.tools.before("compare", "exit 1");

    JsonNode error = errorOfOneVm();

    assertThat(error.path("code").asText()).isEqualTo("OUTPUT_DIFFERS");
    assertThat(error.path("stages").path("convert").path("status").asText()).isEqualTo("success");
  }

  @Test
  void comparisonThatBreaksIsNoDifference() throws Exception {
    daemon.tools.before("compare", "exit 2");

    assertThat(errorOfOneVm().path("code").asText()).isEqualTo("TOOL_EXITED_NONZERO");
  }

  @Test
  void silentlyTruncatedCopyIsNotPublished() throws Exception {
    daemon.tools.before("convert", "head -c 512 \"$(content \"$previous\")\" >\"$last\"; exit 0");

    assertThat(errorOfOneVm().path("code").asText()).isEqualTo("OUTPUT_DIFFERS");
  }

  @Test
  void unreadableAnswerIsNoSuccess() throws Exception {
    daemon.tools.before("info", "echo not json; exit 0");

    assertThat(errorOfOneVm().path("code").asText()).isEqualTo("TOOL_ANSWER_UNREADABLE");
  }

  @Test
  void sourceThatIsWrittenToBeforeItIsComparedDiffers() throws Exception {
    daemon.tools.before("compare", "echo x >>\"$(content \"$previous\")\"");

    assertThat(errorOfOneVm().path("code").asText()).isEqualTo("OUTPUT_DIFFERS");
  }

  @Test
  void sourceThatIsWrittenToAfterItWasComparedIsNotPublished() throws Exception {
    daemon.tools.before("compare", "echo x >>\"$(content \"$previous\")\"; exit 0");

    assertThat(errorOfOneVm().path("code").asText()).isEqualTo("SOURCE_CHANGED");
  }

  @Test
  void theTimeOfAStageHoldsForAllItsToolsTogether() throws Exception {
    daemon.convertTimeout = Duration.ofSeconds(3);
    daemon.tools.before("convert", "sleep 2");
    Path second = daemon.disk("second");
    String manifest =
        daemon
            .single(daemon.disk("web"), "web")
            .replace(
                "\"load\": {", "\"load\": {\"additional_disks\": [\"%s\"], ".formatted(second));
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", manifest);

      JsonNode error = running.error("web.json");
      assertThat(error.path("code").asText()).isEqualTo("TOOL_TIMED_OUT");
      assertThat(error.path("stage").asText()).isEqualTo("convert");
      assertThat(names(running.output())).isEmpty();
    }
  }

  @Test
  void hugeManifestIsRefusedUnread() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      Path beside = running.root.resolve("huge.json");
      try (var file = new java.io.RandomAccessFile(beside.toFile(), "rw")) {
        file.setLength(300L << 20);
      }
      Files.move(beside, running.directories.toBeProcessed().resolve("huge.json"));

      JsonNode error = running.error("huge.json");
      assertThat(error.path("code").asText()).isEqualTo("MANIFEST_UNREADABLE");
      assertThat(error.path("error").asText()).contains("max_manifest_size");

      running.drop("web.json", running.single(running.disk("web"), "web"));
      running.report("web.json");
    }
  }

  @Test
  void successThatCannotBeReportedGoesToFailedWithTheReason() throws Exception {
    Path processed = daemon.directories.processed().resolve(LocalDate.now().toString());
    Files.writeString(processed, "in the way");
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));

      JsonNode error = running.error("web.json");
      assertThat(error.path("code").asText()).isEqualTo("REPORT_NOT_WRITTEN");
      assertThat(error.path("stages").path("validate").path("status").asText())
          .isEqualTo("success");
      assertThat(images(running.output())).containsExactly("web-converted.raw");
    }
  }

  @Test
  void failureThatCannotBeReportedStaysInProcessingForTheNextStart() throws Exception {
    Path failed = daemon.directories.failed().resolve(LocalDate.now().toString());
    Files.writeString(failed, "in the way");
    try (RunningDaemon running = daemon.start()) {
      running.drop("bad.json", "{}");
      running.drop("web.json", running.single(running.disk("web"), "web"));

      running.report("web.json");
      await()
          .atMost(RunningDaemon.LIMIT)
          .until(() -> names(running.directories.toBeProcessed()).isEmpty());
      assertThat(names(running.directories.processing())).containsExactly("bad.json");
    }
    Files.delete(failed);
    try (RunningDaemon again = daemon.start()) {
      assertThat(again.error("bad.json").path("code").asText()).isEqualTo("MANIFEST_INVALID");
    }
  }

  @Test
  void claimThatFailsLeavesTheManifestWhereItIs() throws Exception {
    Path processing = daemon.directories.processing();
    try (RunningDaemon running = daemon.start()) {
      Files.delete(processing);
      Files.writeString(processing, "in the way");
      running.drop("web.json", running.single(running.disk("web"), "web"));
      running.awaitLook();
      assertThat(names(running.directories.toBeProcessed())).containsExactly("web.json");

      Files.delete(processing);

      running.report("web.json");
      assertThat(names(processing)).isEmpty();
    }
  }
}
