package io.hyper2kvm.daemon;

import static io.hyper2kvm.daemon.RunningDaemon.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyper2kvm.SmallDisk;
import java.io.FileNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file system of the outputs or of the overlays fills up at each of a VM's writes. */
@Tag("daemon")
class FullOutputDiskTest {

  /** What is asked for before a VM begins, and some more. */
  private static final String SIZE = "70m";

  @TempDir Path folder;
  SmallDisk output;
  SmallDisk work;
  RunningDaemon daemon;

  @BeforeEach
  void mount() throws Exception {
    output = SmallDisk.mount(folder.resolve("out"), SIZE);
    work = SmallDisk.mount(folder.resolve("work"), SIZE);
    daemon = new RunningDaemon(folder);
  }

  @AfterEach
  void unmount() throws Exception {
    for (SmallDisk disk : new SmallDisk[] {output, work}) {
      if (disk != null) {
        disk.unmount();
      }
    }
  }

  /** The VM fails for want of room, leaves nothing, and succeeds when there is some. */
  private JsonNode failsUntilThereIsRoom(SmallDisk full, String filledBefore) throws Exception {
    try (RunningDaemon running = daemon.start()) {
      if (filledBefore.isEmpty()) {
        full.fill(0);
      } else {
        running.tools.before(filledBefore, full.fillScript());
      }
      running.drop("web.json", running.single(running.disk("web"), "web"));

      JsonNode error = running.error("web.json");
      assertThat(error.path("code").asText()).isEqualTo("NO_SPACE");
      assertThat(names(running.output())).as("no part file").isSubsetOf(".filler");
      assertThat(names(running.work())).as("no job directory").isSubsetOf(".filler");
      assertThat(names(running.directories.processing())).isEmpty();
      assertThat(names(running.directories.toBeProcessed())).isEmpty();

      full.makeRoom();
      if (!filledBefore.isEmpty()) {
        running.tools.heal(filledBefore);
      }
      running.drop("again.json", running.single(running.disk("web"), "web"));
      running.report("again.json");
      return error;
    }
  }

  @Test
  void recordOfTheJob() throws Exception {
    JsonNode error = failsUntilThereIsRoom(work, "");

    assertThat(error.path("stage").asText()).isEqualTo("load");
    assertThat(error.path("error").asText()).contains("no space is left");
  }

  @Test
  void overlay() throws Exception {
    JsonNode error = failsUntilThereIsRoom(work, "create");

    assertThat(error.path("stage").asText()).isEqualTo("load");
    assertThat(error.path("command").asText()).startsWith("qemu-img create");
  }

  @Test
  void output() throws Exception {
    JsonNode error = failsUntilThereIsRoom(output, "convert");

    assertThat(error.path("stage").asText()).isEqualTo("convert");
    assertThat(error.path("command").asText()).startsWith("qemu-img convert");
  }

  @Test
  void recordBesideTheOutput() throws Exception {
    JsonNode error = failsUntilThereIsRoom(output, "compare");

    assertThat(error.path("error").asText()).contains("no space is left");
    assertThat(error.path("stages").path("convert").path("status").asText()).isEqualTo("success");
  }

  @Test
  void applianceThatStandsStillBecauseItsOverlayCannotGrow() throws Exception {
    daemon.convertTimeout = Duration.ofSeconds(4);
    // As QEMU does it: the guest is paused, and nobody is told.
    daemon.tools.before("convert", work.fillScript() + "exec sleep 1000");
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));

      JsonNode error = running.error("web.json");
      assertThat(error.path("code").asText()).isEqualTo("NO_SPACE");
      assertThat(error.path("error").asText())
          .contains("the file system of " + running.work(), "did not end within");
    }
  }

  @Test
  void fullDiskElsewhereIsNoReason() throws Exception {
    daemon.tools.before("convert", "exit 3");
    try (RunningDaemon running = daemon.start()) {
      running.tools.before("compare", output.fillScript());
      running.drop("web.json", running.single(running.disk("web"), "web"));

      assertThat(running.error("web.json").path("code").asText()).isEqualTo("TOOL_EXITED_NONZERO");
    }
  }

  @Test
  void vmWaitsUntilAnotherHasLeftWhatItWasPromised() throws Exception {
    Path gate = folder.resolve("gate");
    daemon.tools.before("convert", "while [ ! -e '%s' ]; do sleep 0.1; done".formatted(gate));
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));
      running.drop("db.json", running.single(running.disk("db"), "db"));
      // Either is promised 64 of the 70 MiB.
      await().atMost(RunningDaemon.LIMIT).until(() -> waiting(running).equals(List.of("space")));

      Files.createFile(gate);

      running.report("web.json");
      running.report("db.json");
    }
  }

  private static List<String> waiting(RunningDaemon running) throws Exception {
    List<String> waiting = new ArrayList<>();
    for (String name : names(running.directories.processing())) {
      if (name.endsWith(".status.json") && !name.startsWith(".")) {
        try {
          waiting.addAll(
              RunningDaemon.json(running.directories.processing().resolve(name))
                  .findValuesAsText("waiting_for"));
        } catch (FileNotFoundException e) {
          // Ended since the folder was listed.
        }
      }
    }
    return waiting;
  }
}
