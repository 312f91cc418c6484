package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** One workflow directory on which the daemon is started, killed and started again. */
final class CrashSite {

  static final Duration LIMIT = Duration.ofMinutes(2);

  final Path root;
  final Path workflow;
  final Path output;
  private final String path;
  private final List<String> options;
  private final Path log;
  private Process process;
  private int starts;

  /**
   * A site with nothing started.
   *
   * @param path the PATH of the daemon and so of its tools
   * @param options further options of the daemon
   */
  CrashSite(Path root, String path, String... options) throws IOException {
    this.root = root.toRealPath();
    this.path = path;
    this.options = List.of(options);
    workflow = this.root.resolve("workflow");
    output = this.root.resolve("output");
    log = this.root.resolve("daemon.log");
  }

  Path dropZone() {
    return workflow.resolve("to_be_processed");
  }

  Path work() {
    return workflow.resolve(".work");
  }

  /** Starts the daemon; it is not ready yet. */
  void start(String... javaOptions) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                RealGuest.Program.HOME.resolve("bin/hyper2kvm").toString(),
                "daemon",
                "--manifest-workflow-mode",
                "--manifest-workflow-dir",
                workflow.toString(),
                "--output-dir",
                output.toString()));
    command.addAll(options);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("HYPER2KVM_KVM", RealGuest.Program.KVM);
    builder.environment().put("PATH", path);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("HYPER2KVM_JAVA_OPTS", String.join(" ", javaOptions));
    starts++;
    // The log of one start: what it says belongs to this start.
    process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  int starts() {
    return starts;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits until the recovery is over or the daemon is dead; whether it is over. */
  boolean awaitRecovered() {
    return awaitLog("daemon-starting");
  }

  /** Waits until it takes manifests or is dead; whether it takes them. */
  boolean awaitStarted() {
    return awaitLog("started in");
  }

  private boolean awaitLog(String event) {
    Awaitility.await()
        .atMost(LIMIT)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> !process.isAlive() || log().contains(event));
    return log().contains(event);
  }

  void kill() throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  /** Waits until one of its tools has killed the daemon. */
  boolean awaitKilled(Duration patience) throws InterruptedException {
    return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A stop that is none of the kills. */
  void stop() throws InterruptedException {
    process.destroy();
    assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
        .as(() -> "the daemon stops; its log: " + log())
        .isTrue();
  }

  void killAll() throws InterruptedException {
    if (process != null) {
      kill();
    }
    tools().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return "";
    }
  }

  /** All processes but the daemon whose environment names this site; all tools' does. */
  Set<Long> tools() {
    Set<Long> found = new TreeSet<>();
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      all.map(ProcessHandle::pid)
          .filter(pid -> pid != process.pid() && isOfThisSite(pid))
          .forEach(found::add);
    }
    return found;
  }

  private boolean isOfThisSite(long pid) {
    try {
      byte[] environment = Files.readAllBytes(Path.of("/proc", String.valueOf(pid), "environ"));
      return new String(environment, StandardCharsets.UTF_8).contains("TMPDIR=" + work());
    } catch (IOException e) {
      return false;
    }
  }

  /** The names in a folder, hidden ones too; none when it is not there. */
  static Set<String> names(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return Set.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      Set<String> names = new TreeSet<>();
      files.forEach(file -> names.add(file.getFileName().toString()));
      return names;
    }
  }
}
