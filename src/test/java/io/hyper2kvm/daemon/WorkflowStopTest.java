package io.hyper2kvm.daemon;

import static io.hyper2kvm.daemon.RunningDaemon.images;
import static io.hyper2kvm.daemon.RunningDaemon.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyper2kvm.daemon.boot.ManifestDaemon;
import io.hyper2kvm.daemon.recovery.ManifestRecords;
import io.hyper2kvm.workflow.ManifestFile;
import io.hyper2kvm.workflow.WorkflowLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a stop, a crash and a second daemon make of the manifests at work. */
@Tag("daemon")
class WorkflowStopTest {

  @TempDir Path folder;
  RunningDaemon daemon;
  Path begun;
  Path go;

  @BeforeEach
  void prepare() throws Exception {
    daemon = new RunningDaemon(folder);
    begun = daemon.root.resolve("begun");
    go = daemon.root.resolve("go");
  }

  private void holdConversions() throws Exception {
    daemon.tools.before(
        "convert",
        "echo $$ >'%s.tmp'; mv '%s.tmp' '%s'; while [ ! -e '%s' ]; do sleep 0.05; done"
            .formatted(begun, begun, begun, go));
  }

  private void awaitBegun() {
    await().atMost(RunningDaemon.LIMIT).until(() -> Files.exists(begun));
  }

  @Test
  void stopPutsTheManifestAtWorkBackAndTheNextStartRunsIt() throws Exception {
    daemon.shutdownTimeout = Duration.ofMillis(200);
    holdConversions();
    String manifest = daemon.single(daemon.disk("web"), "web");
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", manifest);
      awaitBegun();
    }

    long tool = Long.parseLong(Files.readString(begun).strip());
    await()
        .atMost(RunningDaemon.LIMIT)
        .until(() -> !ProcessHandle.of(tool).map(ProcessHandle::isAlive).orElse(false));
    assertThat(names(daemon.directories.toBeProcessed())).containsExactly("web.json");
    assertThat(names(daemon.directories.processing())).isEmpty();
    assertThat(names(daemon.directories.failed())).isEmpty();
    assertThat(names(daemon.output())).isEmpty();
    assertThat(names(daemon.work())).isEmpty();

    Files.createFile(go);
    try (RunningDaemon again = daemon.start()) {
      assertThat(again.report("web.json").path("status").asText()).isEqualTo("completed");
    }
  }

  @Test
  void stopLetsTheVmAtWorkFinishAndBeginsNoOther() throws Exception {
    daemon.maxConcurrentJobs = 1;
    daemon.shutdownTimeout = RunningDaemon.LIMIT;
    holdConversions();
    daemon.disk("a");
    daemon.disk("b");
    RunningDaemon running = daemon.start();
    running.drop("two.json", running.batch("", "a", "b"));
    awaitBegun();

    Thread stop = new Thread(running::close);
    stop.start();
    running.drop("late.json", running.single(daemon.disk("late"), "late"));
    await().atMost(RunningDaemon.LIMIT).until(running::isStopping);
    Files.createFile(go);
    stop.join();

    assertThat(images(running.output())).containsExactly("a-converted.raw");
    assertThat(names(running.directories.toBeProcessed())).contains("two.json");
    assertThat(names(running.directories.processing())).isEmpty();
    assertThat(names(running.directories.failed())).isEmpty();
  }

  @Test
  void genuineFailureDuringAStopIsReported() throws Exception {
    daemon.shutdownTimeout = RunningDaemon.LIMIT;
    daemon.tools.before(
        "convert",
        ": >'%s'; while [ ! -e '%s' ]; do sleep 0.05; done; exit 1".formatted(begun, go));
    RunningDaemon running = daemon.start();
    running.drop("web.json", running.single(daemon.disk("web"), "web"));
    awaitBegun();

    Thread stop = new Thread(running::close);
    stop.start();
    await().atMost(RunningDaemon.LIMIT).until(running::isStopping);
    Files.createFile(go);
    stop.join();

    assertThat(running.error("web.json").path("code").asText()).isEqualTo("TOOL_EXITED_NONZERO");
  }

  @Test
  void manifestLeftByADeadDaemonGoesOnAfterTheStart() throws Exception {
    Path processing = daemon.directories.processing();
    Files.writeString(processing.resolve("web.json"), daemon.single(daemon.disk("web"), "web"));
    Files.writeString(processing.resolve("web.json.status.json"), "{}");
    Files.writeString(processing.resolve(".web.json.status.json.tmp"), "{");
    try (RunningDaemon running = daemon.start()) {
      running.report("web.json");

      assertThat(names(processing)).isEmpty();
    }
  }

  @Test
  void whatADeadDaemonsJobLeftIsGoneAfterTheStart() throws Exception {
    Path job = Files.createDirectories(daemon.work().resolve("web.1-1"));
    Path part = daemon.output().resolve(".web-converted.raw.web.1-1.part");
    Files.writeString(part, "half");
    Files.writeString(
        job.resolve("job.json"),
        "{\"process\": \"1 0 0-0\", \"outputs\": [{\"part\": \"%s\", \"target\": \"%s\"}]}"
            .formatted(part, daemon.output().resolve("web-converted.raw")));
    try (RunningDaemon running = daemon.start()) {
      assertThat(names(running.output())).isEmpty();
      assertThat(names(running.work())).isEmpty();
    }
  }

  @Test
  void aToolThatADeadDaemonLeftIsGoneBeforeAnythingIsTouched() throws Exception {
    ProcessBuilder builder = new ProcessBuilder("sleep", "300");
    builder.environment().put("H2K_OWNER", daemon.owner());
    Process tool = builder.start();
    try (RunningDaemon running = daemon.start()) {
      assertThat(running.context().isStarted()).isTrue();
      assertThat(tool.isAlive()).isFalse();
    } finally {
      tool.destroyForcibly();
    }
  }

  @Test
  void manifestOfANumberedNameKeepsItsNameThroughACrash() throws Exception {
    Path manifest = daemon.directories.processing().resolve("web.2.json");
    Files.writeString(
        manifest, daemon.single(daemon.disk("web"), "web").replace("\"name\": \"web\", ", ""));
    new ManifestRecords(daemon.directories).keepOriginal(manifest, new ManifestFile("web.json"));
    try (RunningDaemon running = daemon.start()) {
      assertThat(running.report("web.json").at("/artifacts/output").asText())
          .endsWith("/web-converted.raw");
    }
  }

  @Test
  void nothingIsKeptForACrashOnceAManifestIsAtItsEnd() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));
      running.drop("bad.json", "{}");
      running.report("web.json");
      running.error("bad.json");

      await()
          .atMost(RunningDaemon.LIMIT)
          .until(() -> names(running.directories.recovery()), List.of("running")::equals);
    }
    assertThat(names(daemon.directories.recovery())).as("after a stop").isEmpty();
  }

  @Test
  void secondDaemonOnTheSameDirectoryIsRefused() throws Exception {
    try (WorkflowLock lock = WorkflowLock.take(daemon.directories)) {
      assertThat(lock).isNotNull();
      Path waiting = daemon.drop("web.json", "{}");

      assertThat(new ManifestDaemon().run(daemon.config())).isEqualTo(1);
      assertThat(waiting).exists();
    }
  }
}
