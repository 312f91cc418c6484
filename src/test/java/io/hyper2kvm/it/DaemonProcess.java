package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.WrittenFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The daemon as an operator starts it, by bin/hyper2kvm, on directories of its own. */
final class DaemonProcess {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path workflow;
  private final Path output;
  private final Path log;
  private final Process process;

  private DaemonProcess(Path workflow, Path output, Path log, Process process) {
    this.workflow = workflow;
    this.output = output;
    this.log = log;
    this.process = process;
  }

  /** Starts it below the given directory. */
  static DaemonProcess start(Path directory) throws IOException {
    return start(directory, "");
  }

  /**
   * Starts it below the given directory.
   *
   * @param javaOptions for Java, split at spaces
   */
  static DaemonProcess start(Path directory, String javaOptions) throws IOException {
    return start(directory, Map.of("HYPER2KVM_JAVA_OPTS", javaOptions));
  }

  /**
   * Starts it below the given directory.
   *
   * @param environment what it gets besides this process's own
   */
  static DaemonProcess start(Path directory, Map<String, String> environment) throws IOException {
    Path workflow = directory.resolve("workflow");
    Path output = directory.resolve("output");
    Path log = directory.resolve("daemon.log");
    ProcessBuilder command =
        new ProcessBuilder(
                RealGuest.Program.HOME.resolve("bin/hyper2kvm").toString(),
                "daemon",
                "--manifest-workflow-mode",
                "--manifest-workflow-dir",
                workflow.toString(),
                "--output-dir",
                output.toString(),
                "--max-concurrent-jobs",
                "2",
                "--boot-test-timeout",
                "600s")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    command.environment().putIfAbsent("HYPER2KVM_KVM", RealGuest.Program.KVM);
    command.environment().putAll(environment);
    Process process = command.start();
    DaemonProcess daemon = new DaemonProcess(workflow, output, log, process);
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> !process.isAlive() || Files.isDirectory(workflow.resolve("failed")));
    assertThat(process.isAlive()).as(() -> "the daemon runs; its log: " + daemon.log()).isTrue();
    return daemon;
  }

  long pid() {
    return process.pid();
  }

  /** As if the power went, for this process alone. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  Path workflow() {
    return workflow;
  }

  Path output(String name) {
    return output.resolve(name);
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Drops a manifest as docs/operations.md says: written aside, then renamed. */
  void drop(String name, String manifest) throws IOException {
    Path aside = workflow.resolve("to_be_processed").resolve(name + ".tmp");
    Files.writeString(aside, manifest);
    Files.move(aside, aside.resolveSibling(name));
  }

  /** Waits for a manifest's report or error file; which one, the caller asserts. */
  Outcome outcome(String name, Duration patience) throws IOException {
    Awaitility.await()
        .atMost(patience)
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              WrittenFiles.check(workflow.resolve("processing")); // the live status
              return !process.isAlive() || find(name).isPresent();
            });
    Path manifest = find(name).orElseThrow(() -> new AssertionError(log()));
    boolean completed = manifest.startsWith(workflow.resolve("processed"));
    String ending = completed ? ".report.json" : ".error.json";
    try {
      JsonNode json = JSON.readTree(manifest.resolveSibling(name + ending).toFile());
      return new Outcome(completed, json);
    } catch (IOException e) {
      throw new AssertionError(log(), e);
    }
  }

  /**
   * Where a manifest went.
   *
   * @param completed whether to processed/
   * @param json its report or error file
   */
  record Outcome(boolean completed, JsonNode json) {}

  private Optional<Path> find(String name) throws IOException {
    for (String folder : new String[] {"processed", "failed"}) {
      try (Stream<Path> days = Files.list(workflow.resolve(folder))) {
        Optional<Path> found = days.map(day -> day.resolve(name)).filter(Files::exists).findFirst();
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  /** Ends it, and checks all that it has written. */
  void stop() throws InterruptedException, IOException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    WrittenFiles.check(workflow, output);
    if (Files.isDirectory(output)) {
      try (Stream<Path> files = Files.walk(output)) {
        Libvirt.assertValid(files.filter(file -> file.toString().endsWith(".xml")).toList());
      }
    }
  }
}
