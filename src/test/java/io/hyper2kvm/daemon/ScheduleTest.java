package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.workflow.DrainFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Manifests that wait for their time or for the end of a drain, on the shipped routes. */
@Tag("daemon")
class ScheduleTest {

  /** Goes on as time does, and jumps when a test wants it. */
  private static final class JumpingClock extends Clock {
    private volatile Duration ahead = Duration.ZERO;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException("the tests need one zone only");
    }

    @Override
    public Instant instant() {
      return Instant.now().plus(ahead);
    }
  }

  @TempDir Path folder;
  private final JumpingClock clock = new JumpingClock();
  private RunningDaemon daemon;

  @BeforeEach
  void prepare() throws Exception {
    daemon = new RunningDaemon(folder);
    daemon.clock = clock;
  }

  private String at(Duration fromNow) {
    return OffsetDateTime.now(clock).plus(fromNow).toString();
  }

  private String single(String name, String timing) throws Exception {
    return daemon
        .single(daemon.disk(name), name)
        .replace("\"pipeline\"", timing + ", \"pipeline\"");
  }

  private String notBefore(Duration fromNow) {
    return "\"schedule\": {\"not_before\": \"%s\"}".formatted(at(fromNow));
  }

  private String notAfter(Duration fromNow) {
    return "\"schedule\": {\"not_after\": \"%s\"}".formatted(at(fromNow));
  }

  /** A window of each day that opens and closes so many hours from now. */
  private String window(int opens, int closes) {
    return "\"schedule\": {\"not_before\": \"%s\", \"not_after\": \"%s\"}"
        .formatted(hour(opens), hour(closes));
  }

  private String hour(int fromNow) {
    return "%02d:%02d"
        .formatted(
            OffsetDateTime.now(clock).plusHours(fromNow).getHour(),
            OffsetDateTime.now(clock).getMinute());
  }

  private JsonNode status(String file) throws Exception {
    Path status = daemon.directories.processing().resolve(file + ".status.json");
    return Files.exists(status)
        ? new ObjectMapper().readTree(Files.readAllBytes(status))
        : new ObjectMapper().createObjectNode();
  }

  private JsonNode error(String file) throws Exception {
    return new ObjectMapper()
        .readTree(Files.readAllBytes(daemon.awaitFailed(file + ".error.json")));
  }

  @Test
  void manifestWaitsInTheDropZoneUntilItsTime() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      Path later = running.drop("later.json", single("later", notBefore(Duration.ofHours(5))));
      running.drop("now.json", single("now", notAfter(Duration.ofHours(5))));
      running.awaitProcessed("now.json");
      running.awaitLook();
      assertThat(later).exists();

      clock.ahead = Duration.ofHours(6);
      running.awaitProcessed("later.json");
    }
  }

  @Test
  void manifestThatIsWrongFailsAtOnceAndNotAtItsTime() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      running.drop(
          "wrong.json",
          single("wrong", notBefore(Duration.ofHours(5)) + ", \"on_falure\": \"stop\""));

      assertThat(error("wrong.json").toString()).contains("on_falure");
    }
  }

  @Test
  void whatWaitsForItsTimeTakesNoPlaceFromOthers() throws Exception {
    daemon.maxInFlight = 1;
    for (int i = 0; i < 20; i++) {
      daemon.drop("a%02d.json".formatted(i), single("a" + i, window(2, 3)));
    }
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", single("web", "\"priority\": -5"));
      running.awaitProcessed("web.json");

      assertThat(running.directories.toBeProcessed().toFile().list()).hasSize(20);
    }
  }

  @Test
  void manifestWhoseTimeHasPassedFailsAndItsRetryManifestRuns() throws Exception {
    daemon.drop("late.json", single("late", notAfter(Duration.ofHours(-1))));
    try (RunningDaemon running = daemon.start()) {
      JsonNode error = error("late.json");
      assertThat(error.path("code").asText()).isEqualTo("SCHEDULE_PASSED");
      assertThat(error.path("retry_manifest").asText()).isEqualTo("late.retry.json");
      assertThat(error.at("/schedule/not_after").asText()).isNotEmpty();
      assertThat(running.output().resolve("late-converted.raw")).doesNotExist();

      Files.move(
          running.awaitFailed("late.retry.json"),
          running.directories.toBeProcessed().resolve("late.retry.json"));
      running.awaitProcessed("late.retry.json");
      assertThat(running.output().resolve("late-converted.raw")).exists();
    }
  }

  @Test
  void vmsThatHaveNotBegunWhenTheWindowClosesBeginInTheNextOne() throws Exception {
    daemon.maxConcurrentJobs = 1;
    daemon.maxInFlight = 1;
    daemon.route("wait.camel.yaml", waitsFor("a"));
    daemon.disk("a");
    daemon.disk("b");
    daemon.drop("night.json", daemon.batch(window(-1, 1) + ",", "a", "b"));
    try (RunningDaemon running = daemon.start()) {
      await()
          .atMost(RunningDaemon.LIMIT)
          .until(() -> status("night.json").at("/vms/0/status").asText().equals("running"));
      clock.ahead = Duration.ofHours(2);
      Files.createFile(folder.resolve("go"));
      await()
          .atMost(RunningDaemon.LIMIT)
          .until(() -> status("night.json").at("/vms/1/waiting_for").asText().equals("schedule"));
      await()
          .atMost(RunningDaemon.LIMIT)
          .until(() -> status("night.json").at("/vms/0/status").asText().equals("completed"));
      assertThat(OffsetDateTime.parse(status("night.json").path("begins_at").asText()))
          .isAfter(OffsetDateTime.now(clock));

      // It has the only place, and takes it from nobody.
      running.drop("day.json", single("day", "\"priority\": 1"));
      running.awaitProcessed("day.json");

      clock.ahead = Duration.ofHours(23);
      running.awaitProcessed("night.json");
    }
  }

  @Test
  void whatWaitedForItsTimeIsBackInTheDropZoneAfterACrash() throws Exception {
    daemon.drop("later.json", single("later", window(2, 3)));
    Path inWork = daemon.directories.processing().resolve("night.json");
    Files.writeString(inWork, single("night", window(2, 3)));
    Files.writeString(
        daemon.directories.processing().resolve("night.json.status.json"), "{\"vms\": [{");
    try (RunningDaemon running = daemon.start()) {
      running.awaitLook();
      assertThat(inWork).doesNotExist();
      assertThat(running.directories.toBeProcessed().toFile().list())
          .containsExactlyInAnyOrder("later.json", "night.json");

      clock.ahead = Duration.ofMinutes(150);
      running.awaitProcessed("later.json");
      running.awaitProcessed("night.json");
    }
  }

  @Test
  void stopPutsBackWhatWaitsForTheNextWindow() throws Exception {
    daemon.maxConcurrentJobs = 1;
    daemon.route("wait.camel.yaml", waitsFor("a"));
    daemon.disk("a");
    daemon.disk("b");
    daemon.drop("night.json", daemon.batch(window(-1, 1) + ",", "a", "b"));
    daemon.start();
    await()
        .atMost(RunningDaemon.LIMIT)
        .until(() -> status("night.json").at("/vms/0/status").asText().equals("running"));
    clock.ahead = Duration.ofHours(2);
    Files.createFile(folder.resolve("go"));
    await()
        .atMost(RunningDaemon.LIMIT)
        .until(() -> status("night.json").at("/vms/0/status").asText().equals("completed"));
    daemon.stop();
    assertThat(daemon.directories.toBeProcessed().resolve("night.json")).exists();
    try (RunningDaemon again = daemon.start()) {
      again.awaitLook();
      assertThat(again.directories.toBeProcessed().resolve("night.json")).exists();

      clock.ahead = Duration.ofHours(23);
      JsonNode report =
          new ObjectMapper()
              .readTree(Files.readAllBytes(again.awaitProcessed("night.json.report.json")));
      assertThat(report.at("/vms/0/reused").asBoolean()).isTrue();
      assertThat(report.at("/vms/1").has("reused")).isFalse();
    }
  }

  /** A route that has one VM wait for the file {@code go}. */
  private String waitsFor(String vm) {
    return """
        - route:
            id: wait
            description: Waits
            nodePrefixId: wait-
            from:
              uri: direct:after-load/wait
              steps:
                - filter:
                    id: one
                    expression: {simple: {expression: "${variable.vmJob.name} == '%s'"}}
                    steps:
                      - bean: {id: go, ref: waitFor, method: "file('%s', '60s')"}
        """
        .formatted(vm, folder.resolve("go"));
  }

  @Test
  void higherPriorityIsTakenFirstThenTheOlderOne() throws Exception {
    daemon.maxConcurrentJobs = 1;
    daemon.maxInFlight = 1;
    List<String> order = new ArrayList<>(List.of("low", "old", "new", "high"));
    int age = 100;
    for (String name : order) {
      int priority = name.equals("high") ? 10 : name.equals("low") ? -10 : 0;
      Path file = daemon.drop(name + ".json", single(name, "\"priority\": " + priority));
      age -= 10;
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(age)));
    }
    try (RunningDaemon running = daemon.start()) {
      running.awaitProcessed("low.json");
      JsonNode[] reports = new JsonNode[4];
      for (int i = 0; i < 4; i++) {
        reports[i] =
            new ObjectMapper()
                .readTree(
                    Files.readAllBytes(running.awaitProcessed(order.get(i) + ".json.report.json")));
      }
      order.sort(
          Comparator.comparing(
              name -> OffsetDateTime.parse(report(reports, name).path("started_at").asText())));
      assertThat(order).containsExactly("high", "old", "new", "low");
      assertThat(report(reports, "high").path("priority").asInt()).isEqualTo(10);
    }
  }

  private static JsonNode report(JsonNode[] reports, String name) {
    return Arrays.stream(reports)
        .filter(report -> report.path("manifest").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void drainedDaemonBeginsNothingAlsoAfterARestart() throws Exception {
    DrainFile drain = DrainFile.of(daemon.directories);
    drain.write();
    Path waits = daemon.drop("web.json", single("web", "\"priority\": 3"));
    daemon.start();
    daemon.awaitLook();
    assertThat(waits).exists();
    daemon.stop();
    try (RunningDaemon again = daemon.start()) {
      again.awaitLook();
      assertThat(waits).exists();

      drain.remove();
      again.awaitProcessed("web.json");
    }
  }

  @Test
  void vmThatHasNotBegunWaitsForTheEndOfADrain() throws Exception {
    daemon.maxConcurrentJobs = 1;
    daemon.route("wait.camel.yaml", waitsFor("a"));
    daemon.disk("a");
    daemon.disk("b");
    DrainFile drain = DrainFile.of(daemon.directories);
    daemon.drop("two.json", daemon.batch("", "a", "b"));
    try (RunningDaemon running = daemon.start()) {
      await()
          .atMost(RunningDaemon.LIMIT)
          .until(() -> status("two.json").at("/vms/0/status").asText().equals("running"));
      drain.write();
      await()
          .atMost(RunningDaemon.LIMIT)
          .until(() -> status("two.json").at("/vms/1/waiting_for").asText().equals("drain"));
      Files.createFile(folder.resolve("go"));
      await()
          .atMost(RunningDaemon.LIMIT)
          .until(() -> status("two.json").at("/vms/0/status").asText().equals("completed"));
      assertThat(status("two.json").at("/vms/1/status").asText()).isEqualTo("waiting");

      drain.remove();
      running.awaitProcessed("two.json");
    }
  }
}
