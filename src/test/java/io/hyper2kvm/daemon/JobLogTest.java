package io.hyper2kvm.daemon;

import static io.hyper2kvm.daemon.RunningDaemon.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyper2kvm.config.value.DataSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log of one manifest, beside its report. */
@Tag("daemon")
class JobLogTest {

  private static final String OURS = "io.hyper2kvm";

  @TempDir Path root;
  private RunningDaemon daemon;

  @BeforeEach
  void logsAreWritten() throws Exception {
    Configurator.setLevel(OURS, Level.INFO);
    Configurator.setLevel("route-of-a-test", Level.INFO);
    daemon = new RunningDaemon(root);
    daemon.jobLogSize = DataSize.parse("1MiB");
  }

  @AfterEach
  void quietAgain() {
    Configurator.setLevel(OURS, Level.ERROR);
  }

  /** Its lines once the manifest is at its end and the last line is there. */
  private static List<String> lines(Path manifest, String last) throws IOException {
    Path log = manifest.resolveSibling(manifest.getFileName() + ".log");
    await()
        .atMost(RunningDaemon.LIMIT)
        .until(() -> Files.exists(log) && Files.readString(log).contains(last));
    return Files.readAllLines(log);
  }

  private static void assertInOrder(List<String> lines, String... events) {
    int at = -1;
    for (String event : events) {
      int next = -1;
      for (int i = at + 1; i < lines.size() && next < 0; i++) {
        next = lines.get(i).contains(event) ? i : -1;
      }
      assertThat(next).as("%s in %s", event, lines).isGreaterThan(at);
      at = next;
    }
  }

  @Test
  void aManifestThatCompletesHasItsWayBesideItsReport() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));
      Path done = running.awaitProcessed("web.json");

      assertInOrder(
          lines(done, "manifest-completed"),
          "manifest-taken manifest=web.json",
          "vm-started manifest=web vm=web",
          "vm-completed manifest=web vm=web",
          "manifest-completed manifest=web.json");
      await().atMost(RunningDaemon.LIMIT).until(() -> names(done.getParent()).size() == 3);
      assertThat(names(running.directories.processing())).isEmpty();
    }
  }

  @Test
  void theLogsOfTwoManifestsAreApart() throws Exception {
    daemon.disk("a");
    daemon.disk("b");
    try (RunningDaemon running = daemon.start()) {
      running.drop("one.json", running.batch("\"name\": \"one\",", "a", "gone"));
      running.drop("two.json", running.single(running.disk("b"), "b"));
      List<String> one = lines(running.awaitFailed("one.json"), "manifest-failed");
      List<String> two = lines(running.awaitProcessed("two.json"), "manifest-completed");

      assertInOrder(one, "vm-failed manifest=one vm=gone stage=load", "manifest-failed");
      assertThat(one).anyMatch(line -> line.contains("vm-completed manifest=one vm=a"));
      assertThat(one).noneMatch(line -> line.contains("two.json") || line.contains("vm=b"));
      assertThat(two).noneMatch(line -> line.contains("one.json") || line.contains("vm=a"));
    }
  }

  @Test
  void whatIsNoManifestHasALogToo() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      running.drop("bad.yaml", "version: [");

      assertInOrder(
          lines(running.awaitFailed("bad.yaml"), "manifest-failed"),
          "manifest-taken manifest=bad.yaml",
          "manifest-failed manifest=bad.yaml code=MANIFEST_INVALID");
    }
  }

  @Test
  void whatARouteOfAnOperatorLogsIsInIt() throws Exception {
    daemon.route(
        "note.camel.yaml",
        """
        - route:
            id: note
            description: Notes each VM
            nodePrefixId: note-
            from:
              uri: direct:before-convert
              steps:
                - log: {id: line, logName: route-of-a-test, message: noted}
        """);
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));

      assertInOrder(
          lines(running.awaitProcessed("web.json"), "manifest-completed"),
          "vm-started",
          "noted",
          "vm-completed");
    }
  }

  @Test
  void hostileTextMakesNoLineOfItsOwn() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      running.drop(
          "web.json",
          running.single(Path.of("/gone\\n2026-01-01T00:00:00.000Z INFO manifest-completed"), "w"));

      assertThat(lines(running.awaitFailed("web.json"), "manifest-failed"))
          .noneMatch(line -> line.startsWith("2026-01-01T00:00:00.000Z INFO"));
    }
  }

  @Test
  void aSecondManifestOfTheNameHasALogOfItsOwn() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      running.drop("bad.json", "{}");
      Path first = running.awaitFailed("bad.json");
      List<String> before = lines(first, "manifest-failed");
      running.drop("bad.json", "[]");
      Path second = running.awaitFailed("bad.2.json");

      assertInOrder(lines(second, "manifest-failed"), "manifest-taken manifest=bad.json");
      assertThat(lines(first, "manifest-failed")).isEqualTo(before);
    }
  }

  @Test
  void aLogThatIsMovedBackWithItsManifestIsLeftAlone() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json.log", "of an earlier try");
      running.drop("web.json", running.single(running.disk("web"), "web"));
      List<String> log = lines(running.awaitProcessed("web.json"), "manifest-completed");
      running.awaitLook();

      assertThat(log).noneMatch(line -> line.contains("earlier"));
      assertThat(names(running.directories.toBeProcessed())).containsExactly("web.json.log");
    }
  }

  @Test
  void aStopKeepsTheLogForTheNextRun() throws Exception {
    daemon.shutdownTimeout = Duration.ofMillis(200);
    Path begun = daemon.root.resolve("begun");
    Path go = daemon.root.resolve("go");
    daemon.tools.before(
        "convert", ": >'%s'; while [ ! -e '%s' ]; do sleep 0.05; done".formatted(begun, go));
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));
      await().atMost(RunningDaemon.LIMIT).until(() -> Files.exists(begun));
    }
    assertThat(names(daemon.directories.toBeProcessed())).containsExactly("web.json");
    assertThat(names(daemon.directories.processing())).isEmpty();

    Files.createFile(go);
    try (RunningDaemon again = daemon.start()) {
      assertInOrder(
          lines(again.awaitProcessed("web.json"), "manifest-completed"),
          "manifest-taken",
          "vm-failed", // manifest-put-back races with the end of the process
          "manifest-taken",
          "manifest-completed");
      await()
          .atMost(RunningDaemon.LIMIT)
          .until(() -> !names(again.directories.recovery()).toString().contains(".log"));
    }
  }

  @Test
  void aCrashKeepsTheLogForTheNextRun() throws Exception {
    Path processing = daemon.directories.processing();
    Files.writeString(processing.resolve("web.json"), daemon.single(daemon.disk("web"), "web"));
    Files.writeString(processing.resolve("web.json.log"), "before the crash\n");
    Files.writeString(processing.resolve("gone.json.log"), "its manifest was removed\n");
    try (RunningDaemon running = daemon.start()) {
      assertInOrder(
          lines(running.awaitProcessed("web.json"), "manifest-completed"),
          "before the crash",
          "manifest-taken",
          "manifest-completed");
      assertThat(names(processing)).doesNotContain("gone.json.log");
    }
  }

  @Test
  void aLogIsBounded() throws Exception {
    daemon.jobLogSize = DataSize.parse("200B");
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));
      Path done = running.awaitProcessed("web.json");

      List<String> lines = lines(done, "job_log_size, is reached");
      assertThat(lines.get(0)).contains("manifest-taken");
      assertThat(lines.get(lines.size() - 1)).startsWith("  | the bound of this file");
      assertThat(Files.size(done.resolveSibling("web.json.log"))).isLessThan(400);
    }
  }

  @Test
  void withoutASizeThereIsNone() throws Exception {
    daemon.jobLogSize = DataSize.parse("0B");
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));
      running.drop("last.json", "{}");
      Path done = running.awaitProcessed("web.json");
      running.awaitFailed("last.json");

      assertThat(names(done.getParent())).containsExactly("web.json", "web.json.report.json");
    }
  }
}
