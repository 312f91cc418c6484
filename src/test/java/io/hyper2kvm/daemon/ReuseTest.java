package io.hyper2kvm.daemon;

import static io.hyper2kvm.daemon.RunningDaemon.images;
import static io.hyper2kvm.daemon.RunningDaemon.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A VM that was finished by an earlier run costs nothing in the next one. */
@Tag("daemon")
class ReuseTest {

  private static final String[] SIX = {"a", "b", "c", "d", "e", "f"};

  @TempDir Path folder;
  RunningDaemon daemon;

  @BeforeEach
  void prepare() throws Exception {
    daemon = new RunningDaemon(folder);
  }

  /** The VMs that a tool was called for since the given number of calls. */
  private TreeSet<String> workedOn(int callsBefore) throws IOException {
    TreeSet<String> vms = new TreeSet<>();
    List<String> calls = daemon.tools.calls();
    for (String call : calls.subList(callsBefore, calls.size())) {
      for (String vm : SIX) {
        if (call.contains("/in/" + vm + ".raw")
            || call.contains("/work/" + vm + ".")
            || call.contains("/out/." + vm + "-converted.")) {
          vms.add(vm);
        }
      }
    }
    return vms;
  }

  private static List<String> reused(JsonNode report) {
    List<String> names = new ArrayList<>();
    report
        .path("vms")
        .forEach(
            vm -> {
              if (vm.path("reused").asBoolean()) {
                names.add(vm.path("name").asText());
              }
            });
    return names;
  }

  /** A batch of six of which two fail for want of their sources. */
  private Path failedBatch(RunningDaemon running) throws IOException {
    for (String vm : List.of("a", "c", "d", "f")) {
      running.disk(vm);
    }
    running.drop("six.json", running.batch("", SIX));
    assertThat(running.error("six.json").path("code").asText()).isEqualTo("SOURCE_NOT_FOUND");
    assertThat(images(running.output())).hasSize(4);
    assertThat(workedOn(0)).containsExactly("a", "c", "d", "f");
    return running.awaitFailed("six.json");
  }

  private void assertOnlyTheTwoWereWorkedOn(JsonNode report, int callsBefore) throws IOException {
    List<String> all = new ArrayList<>();
    report.path("vms").forEach(vm -> all.add(vm.path("name").asText()));
    assertThat(all).containsExactly(SIX);
    assertThat(reused(report)).containsExactly("a", "c", "d", "f");
    assertThat(workedOn(callsBefore)).containsExactly("b", "e");
  }

  @Test
  void toolsRunForTheVmsOfABatchThatFailedAndNoOthers() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      failedBatch(running);
      int calls = running.tools.calls().size();
      running.disk("b");
      running.disk("e");
      running.drop("again.json", running.batch("", SIX));

      assertOnlyTheTwoWereWorkedOn(running.report("again.json"), calls);
    }
  }

  @Test
  void failedBatchMovedBackReusesWhatIsFinished() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      Path failed = failedBatch(running);
      int calls = running.tools.calls().size();
      running.disk("b");
      running.disk("e");
      Files.move(failed, running.directories.toBeProcessed().resolve("six.json"));

      assertOnlyTheTwoWereWorkedOn(running.report("six.json"), calls);
    }
  }

  @Test
  void retryManifestDroppedAsItIsRunsTheTwoThatFailed() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      Path failed = failedBatch(running);
      int calls = running.tools.calls().size();
      running.disk("b");
      running.disk("e");
      Files.move(
          failed.resolveSibling("six.retry.json"),
          running.directories.toBeProcessed().resolve("six.retry.json"));

      JsonNode report = running.report("six.retry.json");

      assertThat(report.path("manifest").asText()).isEqualTo("six");
      assertThat(report.path("vms")).hasSize(2);
      assertThat(reused(report)).isEmpty();
      assertThat(workedOn(calls)).containsExactly("b", "e");
    }
  }

  @Test
  void errorFileNamesTheRetryManifestOfABatch() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      running.drop("gone.yaml", running.batch("\"on_failure\": \"stop\",", "a", "b"));

      JsonNode error = running.error("gone.yaml");

      assertThat(error.path("retry_manifest").asText()).isEqualTo("gone.retry.json");
      assertThat(RunningDaemon.day(running.directories.failed()).resolve("gone.retry.json"))
          .exists();
    }
  }

  @Test
  void retryManifestsOfTwoBatchesOfOneNameAreApart() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      running.drop("gone.json", running.batch("", "a"));
      running.error("gone.json");
      running.drop("gone.json", running.batch("", "b"));

      JsonNode second = running.error("gone.2.json");

      assertThat(second.path("retry_manifest").asText()).isEqualTo("gone.2.retry.json");
      Path day = RunningDaemon.day(running.directories.failed());
      assertThat(day.resolve("gone.retry.json")).content().contains("a.raw");
      assertThat(day.resolve("gone.2.retry.json")).content().contains("b.raw");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"single", "refused"})
  void whatIsNoReadableBatchHasNoRetryManifest(String kind) throws Exception {
    try (RunningDaemon running = daemon.start()) {
      running.drop(
          "gone.json",
          kind.equals("single")
              ? running.single(running.root.resolve("in/gone.raw"), "gone")
              : running.batch("\"unknown\": 1,", "a", "b"));

      assertThat(running.error("gone.json").has("retry_manifest")).isFalse();
      assertThat(names(RunningDaemon.day(running.directories.failed())))
          .containsExactly("gone.json", "gone.json.error.json");
    }
  }

  @Test
  void reusedVmIsReportedWithTheStagesOfItsRun() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      String manifest = running.single(running.disk("a"), "a");
      running.drop("one.json", manifest);
      JsonNode one = running.report("one.json");
      running.drop("two.json", manifest);

      JsonNode two = running.report("two.json");

      assertThat(one.has("reused")).isFalse();
      assertThat(two.path("status").asText()).isEqualTo("completed");
      assertThat(two.path("reused").asBoolean()).isTrue();
      assertThat(two.path("reused_from").path("manifest").asText()).isEqualTo("a");
      assertThat(two.path("stages")).isEqualTo(one.path("stages"));
      assertThat(two.path("artifacts")).isEqualTo(one.path("artifacts"));
      assertThat(two.path("warnings")).isEqualTo(one.path("warnings"));
    }
  }

  @Test
  void dryRunSaysWhatWouldBeReused() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      String manifest = running.single(running.disk("a"), "a");
      running.drop("one.json", manifest);
      running.report("one.json");
      int calls = running.tools.calls().size();
      running.drop("dry.json", manifest.replace("\"pipeline\"", "\"dry_run\": true, \"pipeline\""));

      JsonNode dry = running.report("dry.json");

      assertThat(dry.path("reused").asBoolean()).isTrue();
      assertThat(dry.at("/plan/outputs/0/action").asText()).isEqualTo("reuse");
      assertThat(workedOn(calls)).isEmpty();
    }
  }

  @Test
  void anotherPipelineForTheOutputIsRefusedByTheKeyThatDiffers() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      String manifest = running.single(running.disk("a"), "a");
      running.drop("one.json", manifest);
      running.report("one.json");
      running.drop("two.json", manifest.replace("}}}", "}, \"validate\": {\"enabled\": false}}}"));

      JsonNode error = running.error("two.json");

      assertThat(error.path("code").asText()).isEqualTo("OUTPUT_EXISTS");
      assertThat(error.path("error").asText()).contains("/validate/enabled: was true, is false");
    }
  }

  @Test
  void manifestOfADeadDaemonWhoseOutputsWerePublishedOnlyGetsItsReport() throws Exception {
    daemon.disk("a");
    daemon.disk("b");
    Path processed;
    try (RunningDaemon running = daemon.start()) {
      running.drop("two.json", running.batch("", "a", "b"));
      processed = running.awaitProcessed("two.json");
    }
    // As if it had been killed between the publication and the report.
    Files.delete(processed.resolveSibling("two.json.report.json"));
    Files.move(processed, daemon.directories.processing().resolve("two.json"));
    int calls = daemon.tools.calls().size();
    try (RunningDaemon running = daemon.start()) {
      assertThat(reused(running.report("two.json"))).containsExactly("a", "b");
      assertThat(workedOn(calls)).isEmpty();
      assertThat(names(running.directories.processing())).isEmpty();
    }
  }

  @Test
  void stoppedBatchGoesOnWithWhatWasNotFinished() throws Exception {
    daemon.maxConcurrentJobs = 1;
    daemon.shutdownTimeout = RunningDaemon.LIMIT;
    daemon.disk("a");
    daemon.disk("b");
    Path begun = daemon.root.resolve("begun");
    Path go = daemon.root.resolve("go");
    daemon.tools.before(
        "convert", ": >'%s'; while [ ! -e '%s' ]; do sleep 0.05; done".formatted(begun, go));
    RunningDaemon first = daemon.start();
    first.drop("two.json", first.batch("", "a", "b"));
    await().atMost(RunningDaemon.LIMIT).until(() -> Files.exists(begun));
    Thread stop = new Thread(first::close);
    stop.start();
    await().atMost(RunningDaemon.LIMIT).until(first::isStopping);
    Files.createFile(go);
    stop.join();
    assertThat(images(daemon.output())).containsExactly("a-converted.raw");
    int calls = daemon.tools.calls().size();

    try (RunningDaemon running = daemon.start()) {
      assertThat(reused(running.report("two.json"))).containsExactly("a");
      assertThat(workedOn(calls)).containsExactly("b");
    }
  }
}
