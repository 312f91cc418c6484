package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.tool.ProcessIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The commands as an operator starts them, on a daemon with a qemu-img that a test can hold. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientIT {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private Path root;
  private DaemonProcess daemon;
  private Path tools;

  @BeforeAll
  void daemon(@TempDir Path folder) throws IOException {
    root = folder.toRealPath();
    tools = Files.createDirectories(root.resolve("tools"));
    try (InputStream script =
        getClass().getResourceAsStream("/io/hyper2kvm/daemon/fake-qemu-img.sh")) {
      Path file = tools.resolve("qemu-img");
      Files.write(file, script.readAllBytes());
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Files.writeString(
        tools.resolve("on-convert.sh"),
        """
        case $last in
          */.hold*) : >"$last"; sleep 600 & echo "$$ $!" >"$here/pids.tmp"
            mv "$here/pids.tmp" "$here/pids"; wait ;;
        esac
        """);
    Files.write(root.resolve("disk.raw"), new byte[64 << 10]);
    daemon = start(Files.createDirectories(root.resolve("site")));
  }

  private DaemonProcess start(Path site) throws IOException {
    DaemonProcess started =
        DaemonProcess.start(site, Map.of("PATH", tools + ":" + System.getenv("PATH")));
    // A signal before the routes run would end it before it could clean up.
    await().atMost(LIMIT).until(() -> started.log().contains("(hyper2kvm) started in"));
    return started;
  }

  @AfterAll
  void stop() throws Exception {
    daemon.stop();
  }

  private record Ended(int exit, String out) {}

  private Process begin(DaemonProcess on, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(List.of(RealGuest.Program.HOME.resolve("bin/hyper2kvm").toString()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--manifest-workflow-dir", on.workflow().toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    Path err = Files.createTempFile(root, "client", ".err");
    Process process = builder.redirectError(err.toFile()).start();
    process.getOutputStream().close();
    return process;
  }

  private Ended end(Process process) throws Exception {
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), normal(out));
  }

  private Ended run(String... arguments) throws Exception {
    return end(begin(daemon, arguments));
  }

  private String normal(String text) {
    return text.replace(daemon.workflow().getParent().toString(), "SITE")
        .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+(Z|[+-]\\d\\d:\\d\\d)", "TIME")
        .replaceAll("(?m)^\\d\\d:\\d\\d:\\d\\d", "CLOCK")
        .replaceAll("\\b\\d+:\\d\\d:\\d\\d\\b", "H:MM:SS")
        .replace(LocalDate.now().toString(), "DAY");
  }

  private String manifest(String name) {
    return """
        {"version": "1.0", "name": "%s", "pipeline": {
          "load": {"source_type": "raw", "source_path": "%s"}, "convert": {"output_format": "raw"}}}
        """
        .formatted(name, root.resolve("disk.raw"));
  }

  private String file(String folder, String name, String content) throws IOException {
    Path file = Files.createDirectories(root.resolve(folder)).resolve(name);
    return Files.writeString(file, content).toString();
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void submitWaitsForTheEndAndSaysHow() throws Exception {
    Ended ended = run("submit", "--wait", file("a", "good.json", manifest("good")));

    assertThat(ended.exit()).isZero();
    assertThat(ended.out().replaceAll("space: 64.0 KiB as the guest sees it, .*", "space: SIZES"))
        .startsWith("submitted SITE/workflow/to_be_processed/good.json\nCLOCK good.json: waiting\n")
        .endsWith(
            """
            CLOCK good.json: completed
            good.json: completed at TIME after H:MM:SS
              good: completed after H:MM:SS
                output: SITE/output/good-converted.raw
                space: SIZES
                warning: the VM gets sata disks and e1000e cards instead of virtio: the guest was\
             not inspected; set convert.domain.disk_bus and network_model for others
              manifest: SITE/workflow/processed/DAY/good.json
              report: SITE/workflow/processed/DAY/good.json.report.json
            """);
  }

  @Test
  void failureIsExitCodeOneForAScriptToo() throws Exception {
    String broken = manifest("none").replace("disk.raw", "none.raw");

    Ended ended = run("submit", "--wait", "--output=json", file("a", "none.json", broken));

    assertThat(ended.exit()).isEqualTo(1);
    JsonNode json = new ObjectMapper().readTree(ended.out());
    assertThat(json.at("/manifests/0/state").asText()).isEqualTo("failed");
    assertThat(json.at("/manifests/0/code").asText()).isEqualTo("SOURCE_NOT_FOUND");
  }

  @Test
  void badManifestIsRefusedBeforeItIsSubmitted() throws Exception {
    assertThat(run("submit", file("a", "bad.json", "{}")).exit()).isEqualTo(1);
    assertThat(run("submit").exit()).isEqualTo(2);
  }

  @Test
  void cancelEndsTheToolsAndLeavesNothing() throws Exception {
    Path pids = tools.resolve("pids");
    Files.deleteIfExists(pids);
    assertThat(run("submit", file("a", "job.json", manifest("hold"))).exit()).isZero();
    await().atMost(LIMIT).until(() -> Files.exists(pids));
    Process follower = begin(daemon, "status", "hold", "--follow");

    Ended ended = run("cancel", "hold");

    assertThat(ended.out())
        .isEqualTo(
            """
            job.json: failed at TIME after H:MM:SS
              hold: failed in convert after H:MM:SS
                code: CANCELLED
                error: hold was cancelled
                hint: Move the manifest back to run it again.
              manifest: SITE/workflow/failed/DAY/job.json
              error file: SITE/workflow/failed/DAY/job.json.error.json
            """);
    assertThat(ended.exit()).isZero();
    for (String pid : Files.readString(pids).strip().split(" ")) {
      // A process that has ended and lost its parent is there until the first process reaps it.
      await()
          .atMost(LIMIT)
          .until(
              () -> ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive).isEmpty());
    }
    assertThat(names(daemon.output(""))).noneMatch(name -> name.contains("hold"));
    assertThat(names(daemon.workflow().resolve(".work"))).noneMatch(name -> name.contains("hold"));
    assertThat(names(daemon.workflow().resolve("processing")))
        .noneMatch(name -> name.contains("job"));
    Ended followed = end(follower);
    assertThat(followed.exit()).isEqualTo(1);
    assertThat(followed.out()).contains("job.json: failed\n");
  }

  @Test
  void manyProcessesSubmitOneNameAndNoneIsLost() throws Exception {
    List<Process> clients = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      clients.add(
          begin(daemon, "submit", "--wait", file("many" + i, "many.json", manifest("many" + i))));
    }
    for (Process client : clients) {
      Ended ended = end(client);
      assertThat(ended.exit()).as(ended.out()).isZero();
    }
    assertThat(names(daemon.output("")).stream().filter(name -> name.matches("many\\d-.*\\.raw")))
        .hasSize(6);
  }

  private Process beginRun(Path manifest, Path work, Path output) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            RealGuest.Program.HOME.resolve("bin/hyper2kvm").toString(),
            "run",
            manifest.toString(),
            "--work-dir",
            work.toString(),
            "--output-dir",
            output.toString());
    builder.environment().put("PATH", tools + ":" + System.getenv("PATH"));
    Process process =
        builder.redirectError(Files.createTempFile(root, "run", ".err").toFile()).start();
    process.getOutputStream().close();
    return process;
  }

  @Test
  void nextRunCleansUpAfterOneThatWasKilled() throws Exception {
    Path work = Files.createDirectories(root.resolve("run-work"));
    Path output = Files.createDirectories(root.resolve("run-output"));
    Path pids = tools.resolve("pids");
    Files.deleteIfExists(pids);
    Path held = Path.of(file("run", "held.json", manifest("hold-run")));
    Process killed = beginRun(held, work, output);
    await().atMost(LIMIT).until(() -> Files.exists(pids));
    RealGuest.Program.run(List.of("kill", "-9", String.valueOf(killed.pid())));
    killed.waitFor();
    assertThat(names(output)).isNotEmpty();
    assertThat(names(work)).hasSize(1);

    Ended ended = end(beginRun(Path.of(file("run", "next.json", manifest("next"))), work, output));

    assertThat(ended.exit()).isZero();
    assertThat(names(work)).isEmpty();
    assertThat(names(output)).noneMatch(name -> name.contains("hold-run"));
    for (String pid : Files.readString(pids).strip().split(" ")) {
      // Whoever adopts it may take its exit code late: that is no running tool.
      assertThat(ProcessIdentity.of(Long.parseLong(pid))).isEmpty();
    }
  }

  @Test
  void statusKnowsTheDaemon() throws Exception {
    Ended ended = run("status", "--output", "json");

    assertThat(ended.exit()).isZero();
    JsonNode json = new ObjectMapper().readTree(ended.out());
    assertThat(json.at("/daemon/pid").asLong()).isEqualTo(daemon.pid());
    assertThat(json.at("/daemon/running").asBoolean()).isTrue();
  }

  @Test
  void daemonThatStoppedOrDiedIsNotTakenForARunningOne() throws Exception {
    Path site = Files.createDirectories(root.resolve("other"));
    DaemonProcess stopped = start(site);
    stopped.stop();
    Path record = stopped.workflow().resolve(".hyper2kvm.daemon.json");
    assertThat(record).doesNotExist();

    DaemonProcess killed = start(site);
    killed.kill();
    assertThat(record).exists();
    assertThat(end(begin(killed, "status")).out()).startsWith("daemon: not running\n");
  }
}
