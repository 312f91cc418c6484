package io.hyper2kvm.daemon.exec;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.NoSpace;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.manifest.model.CompressionType;
import io.hyper2kvm.manifest.model.ConvertSpec;
import io.hyper2kvm.tool.KnownTool;
import io.hyper2kvm.tool.ToolProbes;
import io.hyper2kvm.tool.ToolRunner;
import io.hyper2kvm.tool.ToolVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The required capabilities of the tools, checked before a VM relies on them. */
public final class ToolRequirements {

  private final ToolProbes probes;

  public ToolRequirements(ToolRunner runner) {
    probes = new ToolProbes(runner);
  }

  /**
   * Requires that a tool is new enough for a VM. A tool that is missing, or prints no version,
   * passes: its call will fail by itself.
   *
   * @param executable the program's name or path
   * @param convert the settings of the VM's outputs
   * @param directory where the tool may write
   * @throws StageFailedException when the tool is too old
   */
  public void require(
      String executable, ConvertSpec convert, Path directory, Map<String, String> environment)
      throws IOException {
    Optional<KnownTool> known = KnownTool.of(executable);
    Optional<Path> file = KnownTool.find(executable, environment);
    if (known.isEmpty() || file.isEmpty()) {
      return;
    }
    Optional<ToolVersion> version = probes.version(file.get(), environment);
    if (version.isPresent() && !version.get().isAtLeast(known.get().oldest())) {
      throw StageFailedException.because(
          FailureCode.TOOL_TOO_OLD,
          "%s is version %s, and %s or later is needed: install a newer %s"
              .formatted(
                  file.get(), version.get(), known.get().oldest(), known.get().debianPackage()));
    }
    boolean zstd = convert.compress() && convert.compressionType() == CompressionType.ZSTD;
    if (zstd && known.get() == KnownTool.QEMU_IMG) {
      requireZstd(file.get(), version, directory, environment);
    }
  }

  private void requireZstd(
      Path file, Optional<ToolVersion> version, Path directory, Map<String, String> environment)
      throws IOException {
    Optional<String> refusal = probes.zstdRefusal(file, directory, environment);
    if (refusal.isPresent()) {
      boolean full = NoSpace.isIn(refusal.get());
      throw StageFailedException.because(
          full ? FailureCode.NO_SPACE : FailureCode.TOOL_TOO_OLD,
          "%s%s does not write images compressed with zstd: %s; install QEMU %s or later, built with zstd, or write compression_type: zlib"
              .formatted(
                  file,
                  version.map(v -> " (version " + v + ")").orElse(""),
                  refusal.get(),
                  KnownTool.QEMU_IMG.oldest()));
    }
  }
}
