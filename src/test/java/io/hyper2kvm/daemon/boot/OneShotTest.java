package io.hyper2kvm.daemon.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.daemon.RunningDaemon;
import io.hyper2kvm.report.ProgressListener;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.report.VmOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("daemon")
class OneShotTest {

  @TempDir Path root;
  private RunningDaemon folders;
  private Path manifest;
  private final List<String> told = new CopyOnWriteArrayList<>();

  @BeforeEach
  void folders() throws Exception {
    folders = new RunningDaemon(root);
    manifest = folders.root.resolve("a.json");
  }

  private final ProgressListener progress =
      new ProgressListener() {
        @Override
        public void begun(List<String> vms) {
          told.add("begun " + vms);
        }

        @Override
        public void entered(String vm, StageName stage) {
          told.add(vm + " " + stage.text());
        }

        @Override
        public void ended(VmOutcome outcome) {
          told.add(outcome.name() + (outcome.succeeded() ? " completed" : " failed"));
        }
      };

  private OneShot oneShot() {
    return new OneShot(progress, config -> folders.settings());
  }

  private OneShot.Result run(String text) throws IOException {
    Files.writeString(manifest, text);
    return oneShot().run(folders.config(), manifest, false);
  }

  private static JsonNode json(OneShot.Result result) throws IOException {
    return new ObjectMapper().readTree(result.report().orElseThrow());
  }

  private void assertNothingElseIsLeft() throws IOException {
    assertThat(RunningDaemon.names(folders.work())).isEmpty();
    assertThat(RunningDaemon.names(folders.directories.toBeProcessed())).isEmpty();
    assertThat(manifest).exists();
  }

  @Test
  void aManifestThatIsNoneIsReported() throws Exception {
    OneShot.Result result = run("{}");

    assertThat(result.completed()).isFalse();
    assertThat(json(result).path("code").asText()).isEqualTo("MANIFEST_INVALID");
    assertNothingElseIsLeft();
  }

  @Test
  void aFailedVmIsReported() throws Exception {
    folders.tools.before("convert", "echo 'qemu-img: broken' >&2; exit 1");
    OneShot.Result result = run(folders.single(folders.disk("a"), "a"));

    assertThat(result.completed()).isFalse();
    assertThat(json(result).path("code").asText()).isEqualTo("TOOL_EXITED_NONZERO");
    assertThat(told).endsWith("a convert", "a failed");
    assertThat(RunningDaemon.names(folders.output())).isEmpty();
    assertNothingElseIsLeft();
  }

  @Test
  void aFullDiskIsReportedAsThat() throws Exception {
    folders.tools.before(
        "convert", "echo 'qemu-img: error while writing: No space left on device' >&2; exit 1");
    OneShot.Result result = run(folders.single(folders.disk("a"), "a"));

    assertThat(json(result).path("code").asText()).isEqualTo("NO_SPACE");
    assertThat(RunningDaemon.names(folders.output())).isEmpty();
  }

  @Test
  void anImageTooLargeForItsPlaceIsRefusedBeforeAnyCopy() throws Exception {
    folders.tools.before(
        "measure",
        "echo '{\"required\": 900000000000000, \"fully-allocated\": 900000000000000}'; exit 0");
    OneShot.Result result = run(folders.single(folders.disk("a"), "a"));

    assertThat(json(result).path("code").asText()).isEqualTo("NO_SPACE");
    assertThat(json(result).at("/stages/load/space/0/needed_bytes").asLong())
        .isEqualTo(900000000000000L);
    assertThat(told).containsExactly("begun [a]", "a load", "a failed");
  }

  @Test
  void aNameThatNoManifestHasIsRefused() throws Exception {
    manifest = folders.root.resolve("a.report.json");

    assertThatThrownBy(() -> run("{}"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("a.report.json cannot be a manifest by its name");
    assertNothingElseIsLeft();
  }

  @Test
  void aFileThatIsNotThereIsRefused() throws Exception {
    assertThatThrownBy(() -> oneShot().run(folders.config(), manifest, false))
        .hasMessage("there is no such file: " + manifest);
    assertThat(RunningDaemon.names(folders.work())).isEmpty();
  }

  @Test
  void aManifestIsWorkedOnAndStaysWhereItIs() throws Exception {
    OneShot.Result result = run(folders.single(folders.disk("a"), "a"));

    assertThat(result.completed()).isTrue();
    assertThat(json(result).path("status").asText()).isEqualTo("completed");
    assertThat(told)
        .containsExactly("begun [a]", "a load", "a convert", "a validate", "a completed");
    assertThat(folders.output().resolve("a-converted.raw")).exists();
    assertNothingElseIsLeft();
  }

  @Test
  void everyVmOfABatchIsReported() throws Exception {
    folders.disk("a");
    OneShot.Result result = run(folders.batch("", "a", "b"));

    assertThat(result.completed()).isFalse();
    assertThat(json(result).at("/vms/0/status").asText()).isEqualTo("completed");
    assertThat(json(result).at("/vms/1/code").asText()).isEqualTo("SOURCE_NOT_FOUND");
  }

  @Test
  void aDryRunConvertsNothing() throws Exception {
    Files.writeString(manifest, folders.single(folders.disk("a"), "a"));
    OneShot.Result result = oneShot().run(folders.config(), manifest, true);

    assertThat(json(result).path("dry_run").asBoolean()).isTrue();
    assertThat(RunningDaemon.names(folders.output())).isEmpty();
    assertNothingElseIsLeft();
  }

  @Test
  void aStopEndsTheToolsAndLeavesNothing() throws Exception {
    folders.tools.before("convert", "echo half >\"$last\"; touch \"$here/at-work\"; sleep 600");
    Files.writeString(manifest, folders.single(folders.disk("a"), "a"));
    OneShot oneShot = oneShot();
    CompletableFuture<OneShot.Result> run =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return oneShot.run(folders.config(), manifest, false);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    await()
        .atMost(RunningDaemon.LIMIT)
        .until(() -> Files.exists(folders.tools.folder().resolve("at-work")));
    oneShot.stop();

    assertThat(run.get(1, TimeUnit.MINUTES).stopped()).isTrue();
    assertThat(oneShot.awaitEnd(RunningDaemon.LIMIT)).isTrue();
    assertThat(RunningDaemon.names(folders.output())).isEmpty();
    assertNothingElseIsLeft();
  }

  @Test
  void aStopBeforeTheBeginningBeginsNothing() throws Exception {
    Files.writeString(manifest, folders.single(folders.disk("a"), "a"));
    OneShot oneShot = oneShot();
    oneShot.stop();

    assertThat(oneShot.run(folders.config(), manifest, false).stopped()).isTrue();
    assertThat(told).isEmpty();
    assertNothingElseIsLeft();
  }
}
