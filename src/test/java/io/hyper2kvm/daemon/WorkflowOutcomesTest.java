package io.hyper2kvm.daemon;

import static io.hyper2kvm.daemon.RunningDaemon.images;
import static io.hyper2kvm.daemon.RunningDaemon.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the routes make of manifests whose VMs succeed or fail by what the manifest says. */
@Tag("daemon")
class WorkflowOutcomesTest {

  @TempDir Path folder;
  RunningDaemon daemon;

  @BeforeEach
  void prepare() throws Exception {
    daemon = new RunningDaemon(folder);
  }

  @Test
  void singleVmIsConvertedAndReported() throws Exception {
    Path source = daemon.disk("web");
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", running.single(source, "web"));

      JsonNode report = running.report("web.json");
      assertThat(report.path("status").asText()).isEqualTo("completed");
      List<String> stages = new ArrayList<>();
      report.path("stages").forEach(stage -> stages.add(stage.path("status").asText()));
      assertThat(stages).containsExactly("success", "skipped", "skipped", "success", "success");
      Path output = Path.of(report.path("artifacts").path("output").asText());
      assertThat(output).hasSameBinaryContentAs(source);
      assertThat(images(running.output())).containsExactly("web-converted.raw");
    }
    assertThat(names(daemon.directories.processing())).isEmpty();
    assertThat(names(daemon.work())).isEmpty();
  }

  @Test
  void yamlManifestWithoutNameIsCalledLikeItsFile() throws Exception {
    Path source = daemon.disk("disk");
    try (RunningDaemon running = daemon.start()) {
      running.drop(
          "db-1.yaml",
          """
          version: 1.0
          pipeline:
            load: {source_type: raw, source_path: %s}
            convert: {output_format: raw}
          """
              .formatted(source));

      assertThat(running.report("db-1.yaml").path("manifest").asText()).isEqualTo("db-1");
      assertThat(running.output().resolve("db-1-converted.raw")).exists();
    }
  }

  @Test
  void realQemuImgConvertsToQcow2() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/qemu-img")), "needs qemu-img");
    daemon.path = "/usr/bin:/bin";
    Path source = daemon.disk("web");
    try (RunningDaemon running = daemon.start()) {
      running.drop(
          "web.json",
          running.single(source, "web").replace("\"raw\"}}}", "\"qcow2\", \"compress\": true}}}"));

      JsonNode checks = running.report("web.json").path("stages").path("validate").path("checks");
      assertThat(checks.findValuesAsText("status"))
          .isNotEmpty()
          .allMatch(status -> status.equals("passed"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gone,a,b", "a,gone,b", "a,b,gone"})
  void missingSourceFailsTheBatchAndKeepsTheGoodOutputs(String order) throws Exception {
    daemon.disk("a");
    daemon.disk("b");
    try (RunningDaemon running = daemon.start()) {
      running.drop("three.json", running.batch("", order.split(",")));

      JsonNode error = running.error("three.json");
      assertThat(error.path("code").asText()).isEqualTo("SOURCE_NOT_FOUND");
      assertThat(error.path("vm").asText()).isEqualTo("gone");
      List<String> outcomes = new ArrayList<>();
      error
          .path("vms")
          .forEach(vm -> outcomes.add(vm.path("name").asText() + ":" + vm.path("status").asText()));
      assertThat(outcomes)
          .containsExactlyElementsOf(
              List.of(order.split(",")).stream()
                  .map(name -> name + (name.equals("gone") ? ":failed" : ":completed"))
                  .toList());
      assertThat(images(running.output())).containsExactly("a-converted.raw", "b-converted.raw");
    }
  }

  @Test
  void onFailureStopBeginsNoFurtherVm() throws Exception {
    daemon.maxConcurrentJobs = 1;
    daemon.disk("b");
    daemon.disk("c");
    try (RunningDaemon running = daemon.start()) {
      running.drop("stop.json", running.batch("\"on_failure\": \"stop\",", "gone", "b", "c"));

      JsonNode error = running.error("stop.json");
      assertThat(error.path("vms").findValuesAsText("code"))
          .contains("SOURCE_NOT_FOUND", "STOPPED_AFTER_FAILURE");
      assertThat(error.path("vms").get(2).path("stages").path("load").path("status").asText())
          .isEqualTo("not_run");
      assertThat(names(running.output())).isEmpty();
    }
  }

  @Test
  void invalidManifestNamesEveryProblem() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      running.drop(
          "bad.json",
          """
          {"version": "1.0", "pipline": {}, "pipeline": {
            "load": {"source_type": "floppy", "source_path": "/x"},
            "convert": {"output_format": "raw", "compress": true}}}
          """);

      JsonNode error = running.error("bad.json");
      assertThat(error.path("code").asText()).isEqualTo("MANIFEST_INVALID");
      assertThat(error.path("error").asText())
          .contains("pipline")
          .contains("floppy")
          .contains("compress");
      assertThat(error.path("hint").asText()).isNotBlank();
      assertThat(error.path("job_id").asText()).isEqualTo("bad");
    }
  }

  @Test
  void failedManifestMovedBackRunsAgainUnderItsOwnName() throws Exception {
    Path source = daemon.root.resolve("in/late.raw");
    String manifest = daemon.single(source, "x").replace("\"name\": \"x\", ", "");
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", manifest);
      Path failed = running.awaitFailed("web.json");

      daemon.disk("late");
      Files.move(failed, running.directories.toBeProcessed().resolve("web.json"));

      assertThat(running.report("web.json").path("manifest").asText()).isEqualTo("web");
      assertThat(images(running.output())).containsExactly("web-converted.raw");
    }
  }

  @Test
  void sameNameAgainGetsANumberAndOverwritesNothing() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", running.single(daemon.disk("one"), "one"));
      running.report("web.json");
      running.drop("web.json", running.single(daemon.disk("two"), "two"));

      assertThat(running.report("web.2.json").path("manifest").asText()).isEqualTo("two");
      assertThat(running.report("web.json").path("manifest").asText()).isEqualTo("one");
      running.drop("web.json", running.single(daemon.disk("three"), "three"));
      assertThat(running.report("web.3.json").path("original_name").asText()).isEqualTo("web.json");
    }
  }

  @Test
  void existingOutputIsRefusedAndKept() throws Exception {
    Path kept = Files.writeString(daemon.output().resolve("web-converted.raw"), "precious");
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", running.single(daemon.disk("web"), "web"));

      assertThat(running.error("web.json").path("code").asText()).isEqualTo("OUTPUT_EXISTS");
      assertThat(kept).hasContent("precious");
    }
  }

  @Test
  void twoManifestsForOneOutputAtOnceAreNotBothBegun() throws Exception {
    Path go = daemon.root.resolve("go");
    daemon.tools.before(
        "convert",
        ": >'%s'\nwhile [ ! -e '%s' ]; do sleep 0.02; done"
            .formatted(daemon.root.resolve("begun"), go));
    String manifest = daemon.single(daemon.disk("web"), "web");
    try (RunningDaemon running = daemon.start()) {
      running.drop("one.json", manifest);
      await().atMost(RunningDaemon.LIMIT).until(() -> Files.exists(running.root.resolve("begun")));
      running.drop("two.json", manifest);

      assertThat(running.error("two.json").path("code").asText()).isEqualTo("OUTPUT_IN_USE");
      Files.createFile(go);
      running.report("one.json");

      // The reservation is given back: now it is the file that is found.
      running.drop("three.json", manifest);
      assertThat(running.report("three.json").path("reused").asBoolean()).isTrue();
    }
  }

  @Test
  void outputInUseIsGivenBackAfterAFailure() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      running.drop("one.json", running.single(daemon.root.resolve("in/late.raw"), "late"));
      running.awaitFailed("one.json");
      running.tools.before("create", "exit 1");
      running.drop("two.json", running.single(daemon.disk("late"), "late"));
      running.awaitFailed("two.json");
      running.tools.heal("create");
      running.drop("three.json", running.single(daemon.disk("late"), "late"));

      running.report("three.json");
    }
  }
}
