package io.hyper2kvm.daemon;

import static io.hyper2kvm.daemon.RunningDaemon.images;
import static io.hyper2kvm.daemon.RunningDaemon.json;
import static io.hyper2kvm.daemon.RunningDaemon.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyper2kvm.SmallDisk;
import io.hyper2kvm.daemon.completion.SpaceHealth;
import io.hyper2kvm.daemon.recovery.RunMark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The workflow directory's file system is full: nothing is lost, and all goes on with room. */
@Tag("daemon")
class FullWorkflowDiskTest {

  @TempDir Path folder;
  SmallDisk disk;
  RunningDaemon daemon;

  @BeforeEach
  void mount() throws Exception {
    disk = SmallDisk.mount(folder.resolve("workflow"), "1m");
    daemon = new RunningDaemon(folder);
  }

  @AfterEach
  void unmount() throws Exception {
    if (disk != null) {
      disk.unmount();
    }
  }

  /** Drops a manifest so that its file, of one page, takes the last but some pages. */
  private void dropIntoAFullDisk(int pagesLeft, String name, String manifest) throws Exception {
    Path beside = daemon.directories.toBeProcessed().resolve("." + name);
    disk.fill(pagesLeft + 1);
    Files.writeString(beside, manifest);
    Files.move(beside, daemon.directories.toBeProcessed().resolve(name));
  }

  private HealthCheck.Result health() {
    return daemon
        .context()
        .getRegistry()
        .lookupByNameAndType("spaceHealth", SpaceHealth.class)
        .call();
  }

  private void awaitWaiting(int manifests) {
    await()
        .atMost(RunningDaemon.LIMIT)
        .until(() -> manifests, n -> n.equals(health().getDetails().get(WAITING)));
  }

  private static final String WAITING = "manifests_waiting_for_space";

  /** All files of the manifests' last folders, but for what is just being written. */
  private List<String> ended() throws IOException {
    List<String> all = new ArrayList<>();
    for (Path end : List.of(daemon.directories.processed(), daemon.directories.failed())) {
      for (String day : names(end)) {
        all.addAll(names(end.resolve(day)));
      }
    }
    all.removeIf(name -> name.startsWith("."));
    return all;
  }

  private long conversions() throws IOException {
    return daemon.tools.calls().stream().filter(call -> call.startsWith("convert")).count();
  }

  @Test
  void successIsReportedAsSoonAsThereIsRoom() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      dropIntoAFullDisk(0, "web.json", running.single(running.disk("web"), "web"));
      awaitWaiting(1);

      assertThat(names(running.directories.processing())).containsExactly("web.json");
      assertThat(names(running.directories.toBeProcessed())).isEmpty();
      assertThat(ended()).isEmpty();
      assertThat(images(running.output())).containsExactly("web-converted.raw");
      assertThat(health().getState()).isEqualTo(HealthCheck.State.DOWN);
      assertThat(health().getMessage().orElseThrow())
          .contains("No space left on device", daemon.directories.root().toString());

      disk.makeRoom();

      JsonNode report = running.report("web.json");
      assertThat(report.path("status").asText()).isEqualTo("completed");
      assertThat(names(running.directories.processing())).isEmpty();
      assertThat(ended()).containsExactlyInAnyOrder("web.json", "web.json.report.json");
      assertThat(conversions()).isEqualTo(1);
      await().atMost(RunningDaemon.LIMIT).until(() -> health().getState() == HealthCheck.State.UP);
    }
  }

  @Test
  void failureIsToldAsSoonAsThereIsRoom() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      running.tools.before(
          "convert", "echo 'qemu-img: write failed: No space left on device' >&2; exit 1");
      dropIntoAFullDisk(0, "web.json", running.single(running.disk("web"), "web"));
      awaitWaiting(1);

      assertThat(names(running.directories.processing())).containsExactly("web.json");
      assertThat(ended()).isEmpty();

      disk.makeRoom();

      assertThat(running.error("web.json").path("code").asText()).isEqualTo("NO_SPACE");
      assertThat(names(running.directories.processing())).isEmpty();
      assertThat(ended()).containsExactlyInAnyOrder("web.json", "web.json.error.json");
      assertThat(names(running.output())).isEmpty();
    }
  }

  @Test
  void batchKeepsItsOutcomeAndItsRetryManifest() throws Exception {
    daemon.disk("good");
    try (RunningDaemon running = daemon.start()) {
      // One page for the record of where it goes, one for the retry manifest; none for the error.
      dropIntoAFullDisk(2, "batch.json", running.batch("", "good", "missing"));
      awaitWaiting(1);

      assertThat(names(running.directories.processing())).containsExactly("batch.json");
      // A try writes the retry manifest, and takes it back when the error file finds no room.
      await("no retry manifest without its error file")
          .atMost(RunningDaemon.LIMIT)
          .until(() -> ended().isEmpty());

      disk.makeRoom();

      JsonNode error = running.error("batch.json");
      assertThat(error.path("vms").findValuesAsText("status")).contains("completed", "failed");
      assertThat(ended())
          .containsExactlyInAnyOrder("batch.json", "batch.json.error.json", "batch.retry.json");
      Path retry = running.awaitFailed("batch.json").resolveSibling("batch.retry.json");
      assertThat(json(retry).path("vms").findValuesAsText("name")).containsExactly("missing");
      assertThat(images(running.output())).containsExactly("good-converted.raw");
      assertThat(conversions()).isEqualTo(1);
    }
  }

  @Test
  void manifestThatWaitsHoldsUpNoOther() throws Exception {
    daemon.maxConcurrentJobs = 1;
    try (RunningDaemon running = daemon.start()) {
      Path second = running.directories.toBeProcessed().resolve("db.json");
      Path hidden = Files.writeString(second.resolveSibling(".db"), "");
      Files.writeString(hidden, running.single(running.disk("db"), "db"));
      dropIntoAFullDisk(0, "web.json", running.single(running.disk("web"), "web"));
      awaitWaiting(1);

      Files.move(hidden, second);
      awaitWaiting(2);

      assertThat(images(running.output())).containsExactly("db-converted.raw", "web-converted.raw");
      disk.makeRoom();
      running.report("web.json");
      running.report("db.json");
    }
  }

  @Test
  void stopDoesNotWaitForRoomAndTheNextStartConvertsNothingAgain() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      dropIntoAFullDisk(0, "web.json", running.single(running.disk("web"), "web"));
      awaitWaiting(1);
    }
    assertThat(names(daemon.directories.processing())).containsExactly("web.json");
    assertThat(ended()).isEmpty();

    disk.makeRoom();

    try (RunningDaemon again = daemon.start()) {
      assertThat(again.report("web.json").path("reused").asBoolean()).isTrue();
      assertThat(conversions()).isEqualTo(1);
    }
  }

  @Test
  void stopTriesOnceMore() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      dropIntoAFullDisk(0, "web.json", running.single(running.disk("web"), "web"));
      awaitWaiting(1);
      disk.makeRoom();
    }
    assertThat(ended()).containsExactlyInAnyOrder("web.json", "web.json.report.json");
    assertThat(names(daemon.directories.processing())).isEmpty();
  }

  @Test
  void manifestWhoseNameCannotBeKeptStaysInTheDropZone() throws Exception {
    Path gate = folder.resolve("gate");
    daemon.tools.before("convert", "while [ ! -e '%s' ]; do sleep 0.1; done".formatted(gate));
    try (RunningDaemon running = daemon.start()) {
      // With its status file there, the second of that name needs another one, and a record of it.
      Path zone = running.directories.toBeProcessed();
      Path first = Files.writeString(zone.resolve(".a"), running.single(running.disk("a"), "a"));
      Files.move(first, zone.resolve("web.json"));
      await().atMost(RunningDaemon.LIMIT).until(() -> names(zone).isEmpty() && conversions() == 1);
      dropIntoAFullDisk(0, "web.json", running.single(running.disk("b"), "b"));
      running.awaitLook();
      assertThat(names(zone)).containsExactly("web.json");
      assertThat(names(running.directories.processing())).contains("web.json");

      disk.makeRoom();
      Files.createFile(gate);

      running.awaitProcessed("web.2.json");
      assertThat(json(running.awaitProcessed("web.2.json.report.json")).path("status").asText())
          .isEqualTo("completed");
    }
  }

  @Test
  void startWithoutRoomChangesNothing() throws Exception {
    new RunMark(daemon.directories).set();
    Path left = daemon.directories.processing().resolve("web.json");
    Files.writeString(left, daemon.single(daemon.disk("web"), "web"));
    disk.fill(0);

    assertThatThrownBy(daemon::prepare)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space left on device");
    assertThat(names(daemon.directories.processing())).containsExactly("web.json");
    assertThat(names(daemon.directories.toBeProcessed())).isEmpty();

    disk.makeRoom();

    try (RunningDaemon again = daemon.start()) {
      again.report("web.json");
      // The record of the manifest's end goes after the move.
      await()
          .atMost(RunningDaemon.LIMIT)
          .until(() -> names(daemon.directories.recovery()), List.of("running")::equals);
    }
  }
}
