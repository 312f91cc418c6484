package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyper2kvm.cli.Hyper2Kvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which classes a daemon loads, in a process of its own. */
@Tag("daemon")
class LoadedClassesTest {

  @TempDir Path root;

  /** What is loaded until the daemon has taken a manifest and brought it to its end. */
  private List<String> loaded(String... flags) throws Exception {
    Path classes = root.resolve("classes");
    Path workflow = Files.createDirectories(root.resolve("workflow/to_be_processed")).getParent();
    Files.writeString(workflow.resolve("to_be_processed/bad.json"), "{}");
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xlog:class+load:file=" + classes));
    command.add("-Dh2k.home=" + Path.of("").toAbsolutePath());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Hyper2Kvm.class.getName(), "daemon", "--manifest-workflow-mode"));
    command.addAll(List.of("--manifest-workflow-dir", workflow.toString()));
    command.addAll(List.of("--output-dir", root.resolve("out").toString()));
    command.addAll(List.of("--kvm", "off", "--web-port", "0", "--manifest-min-age", "0s"));
    command.addAll(List.of("--extra-routes-dir", root.resolve("routes.d").toString()));
    command.addAll(List.of(flags));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(root.resolve("log").toFile())
            .start();
    try {
      await()
          .atMost(RunningDaemon.LIMIT)
          .failFast("the daemon has ended", () -> !process.isAlive())
          .until(() -> Files.exists(ended(workflow.resolve("failed"))));
    } finally {
      process.destroy();
      process.waitFor();
    }
    return Files.readAllLines(classes);
  }

  private static Path ended(Path failed) throws IOException {
    return Files.isDirectory(failed)
        ? RunningDaemon.day(failed).resolve("bad.json")
        : failed.resolve("bad.json");
  }

  private static boolean isOfTraces(String line) {
    return line.contains(" io.opentelemetry.") || line.contains(" org.apache.camel.telemetry.");
  }

  @Test
  void withoutTracesNoClassOfOpenTelemetry() throws Exception {
    List<String> loaded = loaded();

    assertThat(loaded).hasSizeGreaterThan(1000);
    assertThat(loaded).filteredOn(LoadedClassesTest::isOfTraces).isEmpty();
  }

  @Test
  void withTracesSome() throws Exception {
    assertThat(loaded("--traces-endpoint", "http://127.0.0.1:9"))
        .filteredOn(LoadedClassesTest::isOfTraces)
        .isNotEmpty();
  }
}
