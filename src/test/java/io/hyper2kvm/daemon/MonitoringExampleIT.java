package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** promtool's judgement of the rules, their tests and a scrape. */
@Tag("daemon")
class MonitoringExampleIT {

  private static final Path FOLDER = Path.of("examples/monitoring").toAbsolutePath();

  @TempDir Path root;

  private record Answer(int code, String output) {}

  @BeforeAll
  static void promtoolIsThere() {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "promtool"))),
        "promtool is missing: apt install prometheus");
  }

  private Answer promtool(Path directory, Path stdin, String... arguments) throws Exception {
    Path output = root.resolve("promtool.out");
    List<String> command = Stream.concat(Stream.of("promtool"), Stream.of(arguments)).toList();
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectInput(stdin.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return new Answer(process.exitValue(), Files.readString(output));
  }

  private Answer promtool(String... arguments) throws Exception {
    return promtool(FOLDER, Path.of("/dev/null"), arguments);
  }

  @Test
  void theRulesAreSound() throws Exception {
    Answer answer = promtool("check", "rules", "--lint-fatal", "alert-rules.yaml");

    assertThat(answer.code()).as(answer.output()).isZero();
  }

  @Test
  void everyAlertFiresInItsTestAndNoneWhileAllIsWell() throws Exception {
    Answer answer = promtool("test", "rules", "alert-rules-test.yaml");

    assertThat(answer.code()).as(answer.output()).isZero();
  }

  @Test
  void aTestFailsWhenARuleDoesNotFire() throws Exception {
    String rules = Files.readString(FOLDER.resolve("alert-rules.yaml"));
    Files.writeString(
        root.resolve("alert-rules.yaml"),
        rules.replace("hyper2kvm_manifests_waiting_for_space > 0", "vector(0) > 0"));
    Files.copy(FOLDER.resolve("alert-rules-test.yaml"), root.resolve("alert-rules-test.yaml"));

    Answer answer = promtool(root, Path.of("/dev/null"), "test", "rules", "alert-rules-test.yaml");

    assertThat(answer.code()).isNotZero();
    assertThat(answer.output()).contains("Hyper2kvmReportsWaitForSpace");
  }

  @Test
  void aScrapeOfARunningDaemonIsClean() throws Exception {
    Path scrape = root.resolve("scrape");
    try (RunningDaemon daemon = new RunningDaemon(Files.createDirectory(root.resolve("d")))) {
      ManagementPort port = ManagementPort.of(daemon);
      daemon.start();
      daemon.drop("web.json", daemon.single(daemon.disk("web"), "web"));
      daemon.report("web.json");
      port.await200("health/ready");
      Files.writeString(scrape, port.scrape(), StandardCharsets.UTF_8);
    }

    Answer answer = promtool(root, scrape, "check", "metrics");

    assertThat(answer.output()).isEmpty();
    assertThat(answer.code()).isZero();
  }
}
