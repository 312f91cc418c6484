package io.hyper2kvm.tool;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks whether KVM works. The device node alone says nothing: QEMU is started with it, without a
 * guest, and must answer.
 */
public final class KvmProbe {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private final ToolRunner runner;

  /** A probe that starts its QEMU by the given runner. */
  public KvmProbe(ToolRunner runner) {
    this.runner = runner;
  }

  /**
   * Whether a guest could run under KVM.
   *
   * @param qemu the QEMU system emulator's name or path
   * @param directory a working directory for the probe; absolute
   * @param environment the probe's environment
   */
  public boolean works(String qemu, Path directory, Map<String, String> environment) {
    if (!Files.isReadable(Path.of("/dev/kvm")) || !Files.isWritable(Path.of("/dev/kvm"))) {
      return false;
    }
    String quit = "{\"execute\":\"qmp_capabilities\"}\n{\"execute\":\"quit\"}\n";
    ToolCommand command =
        new ToolCommand(
            qemu,
            List.of(
                "-nodefaults",
                "-no-user-config",
                "-display",
                "none",
                "-machine",
                "q35,accel=kvm",
                "-m",
                "64",
                "-S",
                "-qmp",
                "stdio"),
            directory,
            environment,
            quit.getBytes(StandardCharsets.UTF_8),
            PATIENCE,
            1 << 20,
            line -> {},
            Optional.empty());
    try {
      ToolResult result = runner.run(command);
      return result.exitCode() == 0 && result.text().contains("\"return\"");
    } catch (ToolFailedException e) {
      return false;
    }
  }
}
