package io.hyper2kvm.cli;

import static io.hyper2kvm.cli.ClientFixture.golden;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.tool.ProcessIdentity;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusCommandTest {

  private static final String ERROR =
      """
      {"job_id": "batch", "original_name": "db.yaml", "status": "failed", "error": "a was cancelled",
       "code": "CANCELLED", "hint": "Move it back.", "started_at": "2026-01-24T14:30:00Z",
       "completed_at": "2026-01-24T15:32:05Z", "vms": [
        {"name": "a", "status": "failed", "stage": "fix", "code": "CANCELLED",
         "error": "a was cancelled", "hint": "Move it back.", "duration_seconds": 61.0,
         "warnings": []},
        {"name": "b", "status": "completed", "duration_seconds": 3661.2,
         "artifacts": {"output": "/srv/vm/b.qcow2"}, "warnings": ["one \\u001b[31mword"]}]}
      """;

  @TempDir Path folder;
  private ClientFixture client;

  @BeforeEach
  void directories() throws IOException {
    client = new ClientFixture(folder);
  }

  private static String status() {
    String now = OffsetDateTime.now().minusSeconds(90).toString();
    return """
        {"job_id": "weekend", "original_name": "all.json", "status": "processing",
         "started_at": "%s", "vms": [
          {"name": "web01", "status": "completed", "completed_at": "%s"},
          {"name": "web02", "status": "failed", "code": "NO_SPACE"},
          {"name": "web03", "status": "running", "stage": "convert", "percent": 45.5,
           "started_at": "%s", "stage_started_at": "%s"},
          {"name": "web04", "status": "waiting"}]}
        """
        .formatted(now, now, now, now);
  }

  private void fill() throws IOException {
    client.announceDaemon();
    client.running("all.json", status());
    client.waiting("next.json");
    client.waiting("then.yaml");
    client.completed("good.json", "{\"manifest\": \"good\"}");
    client.failed("db.yaml", ERROR);
  }

  @Test
  void overview() throws IOException {
    fill();

    assertThat(client.run("status")).isZero();
    assertThat(client.out()).isEqualTo(golden("status.txt"));
  }

  @Test
  void emptyDirectoryWithoutADaemon() throws IOException {
    assertThat(client.run("status")).isZero();
    assertThat(client.out())
        .isEqualTo(
            "daemon: not running\nrunning: 0\nwaiting: 0\ncompleted today: 0\nfailed today: 0\n");
  }

  @Test
  void recordOfADeadDaemonIsNoRunningOne() throws IOException {
    client.announce(new ProcessIdentity(ProcessHandle.current().pid(), 1, "another-boot"));
    client.run("status");
    assertThat(client.out()).startsWith("daemon: not running\n");
  }

  @Test
  void atMostSoManyAreNamedAndAllAreCounted() throws IOException {
    for (int i = 0; i < 5; i++) {
      client.waiting("m" + i + ".json");
    }
    client.run("status", "--limit", "2");

    assertThat(client.out()).contains("waiting: 5, the oldest for H:MM:SS\n", "  and 3 more\n");
    assertThat(client.out().lines().filter(line -> line.matches("  m\\d\\.json"))).hasSize(2);
  }

  @Test
  void overviewForAScript() throws IOException {
    fill();

    assertThat(client.run("status", "--output", "json")).isZero();
    var json = new ObjectMapper().readTree(client.rawOut());
    assertThat(json.at("/daemon/running").asBoolean()).isTrue();
    assertThat(json.at("/running/manifests/0/vms/2/percent").asDouble()).isEqualTo(45.5);
    assertThat(json.at("/waiting/count").asInt()).isEqualTo(2);
    assertThat(json.at("/failed_today/manifests/0/code").asText()).isEqualTo("CANCELLED");
    assertThat(json.at("/completed_today/manifests/0/job_id").asText()).isEqualTo("good");
  }

  @ParameterizedTest
  @CsvSource({
    "all.json, 0, status-running.txt",
    "all, 0, status-running.txt",
    "weekend, 0, status-running.txt",
    "processing/all.json, 0, status-running.txt",
    "db, 1, status-failed.txt",
    "batch, 1, status-failed.txt",
    "db.yaml, 1, status-failed.txt"
  })
  void oneManifestByAnyOfItsNames(String name, int exit, String golden) throws IOException {
    fill();

    assertThat(client.run("status", name)).isEqualTo(exit);
    assertThat(client.out()).isEqualTo(golden(golden));
  }

  @Test
  void waitingManifestIsFoundByTheNameItGivesItself() throws IOException {
    Files.writeString(
        client.directories.toBeProcessed().resolve("a.yaml"), "version: '1.0'\nname: mine\n");
    Files.writeString(client.directories.toBeProcessed().resolve("b.json"), "{\"name\": ");

    assertThat(client.run("status", "mine")).isZero();
    assertThat(client.out()).isEqualTo("a.yaml: waiting for H:MM:SS\n");
  }

  @Test
  void lastOfSeveralThatEndedIsMeant() throws IOException {
    Path yesterday =
        Files.createDirectories(
            WorkflowDirectories.day(client.directories.processed(), LocalDate.now().minusDays(1)));
    Files.writeString(yesterday.resolve("db.yaml"), "");
    client.failed("db.yaml", ERROR);
    assertThat(client.run("status", "db")).isEqualTo(1);

    client.completed("db.2.yaml", "{\"manifest\": \"x\", \"original_name\": \"db.yaml\"}");
    assertThat(client.run("status", "db")).isZero();
    assertThat(client.out()).startsWith("db.2.yaml: completed");
  }

  @Test
  void ambiguousNameIsExitCodeTwoWithTheCandidates() throws IOException {
    client.waiting("web.json");
    client.waiting("web.yaml");

    assertThat(client.run("status", "web")).isEqualTo(2);
    assertThat(client.err())
        .contains("  to_be_processed/web.json\n", "  to_be_processed/web.yaml\n");
    assertThat(client.run("status", "to_be_processed/web.yaml")).isZero();
    assertThat(client.run("status", "web.json")).isZero();
  }

  @Test
  void unknownManifestIsExitCodeOne() {
    assertThat(client.run("status", "n\u001b[2Jone")).isEqualTo(1);
    assertThat(client.err())
        .isEqualTo("hyper2kvm: there is no manifest n\\u001b[2Jone in any folder of ROOT/flow\n");
  }

  @Test
  void followWithoutAManifestIsExitCodeTwo() {
    assertThat(client.run("status", "--follow")).isEqualTo(2);
    assertThat(client.err()).contains("--follow needs a JOB");
  }

  @Test
  void followOfOneThatEndedEndsAtOnce() throws IOException {
    client.failed("db.yaml", ERROR);
    assertThat(client.run("status", "db", "--follow")).isEqualTo(1);
  }

  @Test
  void followOfOneThatIsTakenAwayIsExitCodeOne() throws Exception {
    Path waiting = client.waiting("web.json");
    Thread other =
        new Thread(
            () -> {
              await().until(() -> client.rawOut().contains("web.json: waiting"));
              waiting.toFile().delete();
            });
    other.start();

    assertThat(client.run("status", "web", "--follow")).isEqualTo(1);
    other.join();
    assertThat(client.err())
        .isEqualTo("hyper2kvm: web.json is in no folder any more: somebody took it away\n");
  }

  @Test
  void folderThatCannotBeReadIsToldWithoutAStackTrace() throws IOException {
    Files.delete(client.directories.failed());
    Files.createDirectories(client.directories.processed());
    Files.createFile(client.directories.failed());

    assertThat(client.run("status", "web")).isEqualTo(1);
    assertThat(client.err()).isEqualTo("hyper2kvm: ROOT/flow/failed: is no folder\n");
  }

  @Test
  void noNameReachesTheTerminalRaw() throws IOException {
    String hostile = "x\u001b]0;title\u0007\u202e\u009b2J\nfailed: 0";
    client.running(
        "all.json",
        new ObjectMapper()
            .writeValueAsString(
                java.util.Map.of(
                    "job_id",
                    hostile,
                    "vms",
                    java.util.List.of(
                        java.util.Map.of("name", hostile, "status", "running", "stage", hostile),
                        java.util.Map.of("name", hostile, "status", hostile, "code", hostile)))));
    client.failed(
        "db.yaml",
        new ObjectMapper()
            .writeValueAsString(
                java.util.Map.of("code", hostile, "error", hostile, "hint", hostile)));
    for (String[] command :
        new String[][] {
          {"status"},
          {"status", "all"},
          {"status", "db"},
          {"status", "--output=json"},
          {"status", "db", "--output=json"}
        }) {
      client.run(command);
      assertThat(client.rawOut()).isNotEmpty().matches("[\\x20-\\x7e\\n]*");
    }
  }

  @Test
  void garbledFilesAreNoFailure() throws IOException {
    client.running("half.json", status().substring(0, 150));
    client.running("empty.json", "");
    client.running("list.json", "[1, 2]");
    byte[] noise = new byte[100_000];
    new Random(1).nextBytes(noise);
    Files.write(client.directories.processing().resolve("noise.json.status.json"), noise);
    Files.writeString(client.directories.processing().resolve("noise.json"), "{}");
    Path link = client.directories.processing().resolve("link.json.status.json");
    Files.createSymbolicLink(link, Path.of("/dev/zero"));
    Files.writeString(client.directories.processing().resolve("link.json"), "{}");
    client.failed("bad.json", "\u0000");

    assertThat(client.run("status")).isZero();
    assertThat(client.out())
        .contains(
            "running: 5\n",
            "  half.json: running",
            "  link.json: running\n",
            "  bad.json  no readable error file\n");
  }

  @Test
  void thousandsOfManifestsAreCountedQuickly() throws IOException {
    Path day =
        Files.createDirectories(
            WorkflowDirectories.day(client.directories.processed(), LocalDate.now()));
    for (int i = 0; i < 3000; i++) {
      Files.createFile(day.resolve("m" + i + ".json"));
    }
    assertThat(client.run("status")).isZero();
    assertThat(client.out()).contains("completed today: 3000\n", "  and 2990 more\n");
  }
}
