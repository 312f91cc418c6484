package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyper2kvm.workflow.CancelRequest;
import io.hyper2kvm.workflow.FileIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The metrics of a running daemon. */
@Tag("daemon")
class MetricsTest {

  private static final String MANIFESTS = "hyper2kvm_manifests_total";
  private static final String VMS = "hyper2kvm_vms_total";

  @TempDir Path root;
  private RunningDaemon daemon;
  private ManagementPort port;

  @BeforeEach
  void prepare() throws Exception {
    daemon = new RunningDaemon(root);
    port = ManagementPort.of(daemon);
  }

  private Scrape scrape() throws Exception {
    return new Scrape(port.scrape());
  }

  private Scrape scrapeWhen(String series, double value) {
    return await()
        .atMost(RunningDaemon.LIMIT)
        .ignoreExceptions()
        .until(this::scrape, scrape -> scrape.value(series) == value);
  }

  private static String failed(String metric, String code) {
    return "%s{code=\"%s\",outcome=\"failed\"}".formatted(metric, code);
  }

  private static String outcome(String metric, String outcome) {
    return "%s{code=\"\",outcome=\"%s\"}".formatted(metric, outcome);
  }

  @Test
  void aVmThatCompletesIsCountedWithItsStagesAndBytes() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));
      running.report("web.json");

      Scrape scrape = scrapeWhen(outcome(MANIFESTS, "completed"), 1);
      assertThat(scrape.counted(MANIFESTS)).hasSize(1);
      assertThat(scrape.counted(VMS)).isEqualTo(Map.of(outcome(VMS, "completed"), 1.0));
      assertThat(scrape.value("hyper2kvm_read_bytes_total")).isEqualTo(RunningDaemon.DISK_BYTES);
      assertThat(scrape.value("hyper2kvm_written_bytes_total")).isPositive();
      assertThat(scrape.counted("hyper2kvm_stage_duration_seconds_count"))
          .containsOnlyKeys(
              "hyper2kvm_stage_duration_seconds_count{outcome=\"success\",stage=\"load\"}",
              "hyper2kvm_stage_duration_seconds_count{outcome=\"success\",stage=\"convert\"}",
              "hyper2kvm_stage_duration_seconds_count{outcome=\"success\",stage=\"validate\"}");
      assertThat(scrape.value("hyper2kvm_tools_running{tool=\"qemu-img\"}")).isZero();
      assertThat(scrape.value("hyper2kvm_vms_running")).isZero();
      assertThat(scrape.value("hyper2kvm_vms_waiting")).isZero();
    }
  }

  @Test
  void aRetriedBatchCountsTheReusedVmAndReadsNothingTwice() throws Exception {
    daemon.disk("a");
    try (RunningDaemon running = daemon.start()) {
      running.drop("two.json", running.batch("", "a", "b"));
      Path failedAt = running.awaitFailed("two.json");
      Scrape first = scrapeWhen(failed(MANIFESTS, "SOURCE_NOT_FOUND"), 1);
      assertThat(first.counted(VMS))
          .isEqualTo(Map.of(outcome(VMS, "completed"), 1.0, failed(VMS, "SOURCE_NOT_FOUND"), 1.0));

      running.disk("b");
      Files.move(failedAt, running.directories.toBeProcessed().resolve("two.json"));
      running.report("two.json");

      Scrape second = scrapeWhen(outcome(MANIFESTS, "completed"), 1);
      assertThat(second.counted(MANIFESTS)).hasSize(2);
      assertThat(second.counted(VMS))
          .isEqualTo(
              Map.of(
                  outcome(VMS, "completed"), 2.0,
                  outcome(VMS, "reused"), 1.0,
                  failed(VMS, "SOURCE_NOT_FOUND"), 1.0));
      assertThat(second.value("hyper2kvm_read_bytes_total"))
          .isEqualTo(2 * RunningDaemon.DISK_BYTES);
      assertThat(second.value("hyper2kvm_vms_running")).isZero();
      assertThat(second.value("hyper2kvm_vms_waiting")).isZero();
    }
  }

  @Test
  void aDryRunIsPlannedAndWritesNothing() throws Exception {
    daemon.dryRun = true;
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));
      running.report("web.json");

      Scrape scrape = scrapeWhen(outcome(MANIFESTS, "planned"), 1);
      assertThat(scrape.counted(VMS)).isEqualTo(Map.of(outcome(VMS, "planned"), 1.0));
      assertThat(scrape.value("hyper2kvm_read_bytes_total")).isZero();
    }
  }

  @Test
  void whatIsNoManifestAtAllIsCountedByItsCodeAndNoNameComesIntoALabel() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      running.drop("evil\"} 1 {x=\"$(id).json", "{\"version\": \"evil9\"}");
      running.drop("nested.json", running.single(Path.of("/evil/gone.raw"), "evilvm"));
      running.awaitFailed("nested.json");

      scrapeWhen(failed(MANIFESTS, "MANIFEST_INVALID"), 1);
      scrapeWhen(failed(MANIFESTS, "SOURCE_NOT_FOUND"), 1);
      assertThat(port.scrape()).doesNotContain("evil");
    }
  }

  @Test
  void aManifestThatCrashedTheDaemonTooOftenIsCountedAtTheStart() throws Exception {
    for (int crash = 0; crash < 3; crash++) {
      // What a killed daemon leaves: the mark of its process, and the manifest at work.
      Files.writeString(daemon.directories.recovery().resolve("running"), crash + " 1\n");
      Path place = daemon.directories.processing().resolve("bomb.json");
      if (crash == 0) {
        Files.writeString(place, daemon.single(daemon.disk("bomb"), "bomb"));
      } else {
        Files.move(daemon.directories.toBeProcessed().resolve("bomb.json"), place);
      }
      if (crash < 2) {
        daemon.recover();
      }
    }
    try (RunningDaemon running = daemon.start()) {
      assertThat(running.error("bomb.json").path("code").asText()).isEqualTo("CRASHED_REPEATEDLY");

      Scrape scrape = scrapeWhen(failed(MANIFESTS, "CRASHED_REPEATEDLY"), 1);
      assertThat(scrape.counted(MANIFESTS)).hasSize(1);
      assertThat(scrape.counted(VMS)).isEmpty();
    }
  }

  @Test
  void aManifestThatIsCancelledWhileItWaitsIsCounted() throws Exception {
    daemon.maxInFlight = 1;
    Path go = daemon.root.resolve("go");
    daemon.tools.before("convert", "while [ ! -e '%s' ]; do sleep 0.05; done".formatted(go));
    try (RunningDaemon running = daemon.start()) {
      running.drop("first.json", running.single(running.disk("first"), "first"));
      scrapeWhen("hyper2kvm_tools_running{tool=\"qemu-img\"}", 1);
      assertThat(scrape().value("hyper2kvm_vms_running")).isEqualTo(1);
      assertThat(scrape().value("hyper2kvm_manifests_running")).isEqualTo(1);
      Path waiting = running.drop("second.json", running.single(running.disk("b"), "b"));

      CancelRequest.write(
          running.directories, "second.json", FileIdentity.of(waiting).orElseThrow());
      running.awaitFailed("second.json");

      scrapeWhen(failed(MANIFESTS, "CANCELLED"), 1);
      Files.createFile(go);
      scrapeWhen(outcome(MANIFESTS, "completed"), 1);
    }
  }

  @Test
  void waitingVmsAreThoseWithoutAPlace() throws Exception {
    daemon.maxConcurrentJobs = 1;
    Path go = daemon.root.resolve("go");
    daemon.tools.before("convert", "while [ ! -e '%s' ]; do sleep 0.05; done".formatted(go));
    daemon.disk("a");
    daemon.disk("b");
    daemon.disk("c");
    try (RunningDaemon running = daemon.start()) {
      running.drop("three.json", running.batch("", "a", "b", "c"));

      Scrape scrape = scrapeWhen("hyper2kvm_vms_waiting", 2);
      assertThat(scrape.value("hyper2kvm_vm_places")).isEqualTo(1);
      scrapeWhen("hyper2kvm_vms_running", 1);
      Files.createFile(go);
      scrapeWhen(outcome(VMS, "completed"), 3);
      assertThat(scrape().value("hyper2kvm_vms_waiting")).isZero();
    }
  }

  @Test
  void theLastLookAndTheFoldersAreThere() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      String folder = "{folder=\"output_dir\",path=\"%s\"}".formatted(running.output());
      Scrape scrape =
          await()
              .atMost(RunningDaemon.LIMIT)
              .ignoreExceptions()
              .until(
                  this::scrape, found -> found.value("hyper2kvm_folder_free_bytes" + folder) > 0);
      assertThat(scrape.value("hyper2kvm_folder_size_bytes" + folder))
          .isGreaterThanOrEqualTo(scrape.value("hyper2kvm_folder_free_bytes" + folder));
      assertThat(scrape.value("hyper2kvm_drop_zone_last_look_timestamp_seconds"))
          .isGreaterThan(Instant.now().minus(Duration.ofMinutes(1)).getEpochSecond());
      assertThat(scrape.counted("hyper2kvm_build_info")).hasSize(1);
      assertThat(scrape.value("process_start_time_seconds"))
          .isLessThanOrEqualTo(Instant.now().getEpochSecond() + 1);
      assertThat(scrape.value("hyper2kvm_oldest_manifest_waiting_seconds")).isZero();
    }
  }
}
