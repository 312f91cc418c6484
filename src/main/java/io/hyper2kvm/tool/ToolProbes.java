package io.hyper2kvm.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks the tools for their versions and capabilities: once for each program file, and again after
 * it was replaced.
 */
public final class ToolProbes {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int MAX_BYTES = 1 << 16;
  private static final Path NOWHERE = Path.of("/");

  private record Program(Path file, FileTime modified, long size) {}

  private final ToolRunner runner;
  private final Map<Program, ToolVersion> versions = new ConcurrentHashMap<>();
  private final Map<Program, Boolean> zstd = new ConcurrentHashMap<>();

  /** Probes that have asked nothing yet. */
  public ToolProbes(ToolRunner runner) {
    this.runner = runner;
  }

  /**
   * The version of a program.
   *
   * @return empty when it prints none, which proves nothing
   * @throws ToolFailedException when the calling thread is interrupted
   */
  public Optional<ToolVersion> version(Path file, Map<String, String> environment)
      throws IOException {
    Program program = program(file);
    ToolVersion known = versions.get(program);
    if (known != null) {
      return Optional.of(known);
    }
    ToolResult answer;
    try {
      answer = run(file, List.of("--version"), environment);
    } catch (ToolFailedException e) {
      if (e.reason() == ToolFailedException.Reason.INTERRUPTED) {
        throw e;
      }
      return Optional.empty(); // The next call of the tool will report what is wrong with it.
    }
    Optional<ToolVersion> found =
        answer.exitCode() == 0
            ? ToolVersion.in(answer.text() + "\n" + answer.stderrTail())
            : Optional.empty();
    found.ifPresent(version -> versions.put(program, version));
    return found;
  }

  /**
   * Why a {@code qemu-img} does not write images compressed with zstd; builds without it exist of
   * every version.
   *
   * @param directory where a small image is made and removed
   * @return its message; empty when it does
   */
  public Optional<String> zstdRefusal(Path qemuImg, Path directory, Map<String, String> environment)
      throws IOException {
    Program program = program(qemuImg);
    if (zstd.containsKey(program)) {
      return Optional.empty();
    }
    Path image = directory.resolve("zstd-probe.qcow2");
    try {
      List<String> arguments = QemuImg.createEmpty(image, "zstd");
      ToolResult answer = run(qemuImg, arguments, environment);
      if (answer.exitCode() != 0) {
        return Optional.of(answer.stderrTail().strip());
      }
      zstd.put(program, true);
      return Optional.empty();
    } finally {
      Files.deleteIfExists(image);
    }
  }

  private ToolResult run(Path file, List<String> arguments, Map<String, String> environment)
      throws ToolFailedException {
    return runner.run(
        new ToolCommand(
            file.toString(),
            arguments,
            // No record is written there: the tools may own the directory and could place links in
            // it.
            NOWHERE,
            environment,
            new byte[0],
            PATIENCE,
            MAX_BYTES,
            line -> {},
            Optional.empty()));
  }

  /** A link's own time would not change with the program. */
  private static Program program(Path file) throws IOException {
    Path real = file.toRealPath();
    return new Program(real, Files.getLastModifiedTime(real), Files.size(real));
  }
}
