package io.hyper2kvm.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KvmProbeTest {

  @TempDir Path directory;

  private final KvmProbe probe = new KvmProbe(ToolUser.OWN);

  @Test
  void withoutQemuNothingRuns() throws IOException {
    assertThat(probe.works("no-such-qemu", directory, Map.of())).isFalse();
    assertThat(probe.runs("no-such-qemu", "kvm", directory, Map.of())).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0, false", "1, false", "134, false", "33, true"})
  void onlyTheGuestsOwnWordCounts(int exitCode, boolean works) throws IOException {
    Path qemu = directory.resolve("qemu");
    Files.writeString(qemu, "#!/bin/sh\nexit " + exitCode + "\n");
    Files.setPosixFilePermissions(qemu, PosixFilePermissions.fromString("rwx------"));

    assertThat(probe.runs(qemu.toString(), "kvm", directory, Map.of())).isEqualTo(works);
    assertThat(directory).isDirectoryNotContaining("glob:**.rom");
  }

  @ParameterizedTest
  @CsvSource({
    "'Kernel panic - not syncing: VFS: Unable to mount root fs', true",
    "'Linux version 6.1.0', false"
  })
  void onlyAKernelThatCameToItsPanicHasRun(String said, boolean works) throws IOException {
    Path qemu = directory.resolve("qemu");
    Files.writeString(qemu, "#!/bin/sh\necho '" + said + "'\n");
    Files.setPosixFilePermissions(qemu, PosixFilePermissions.fromString("rwx------"));

    assertThat(probe.boots(qemu.toString(), "kvm", Path.of("/boot/vmlinuz-1"), directory, Map.of()))
        .isEqualTo(works);
  }

  @Test
  void kernelThatCanBeReadIsFound() throws IOException {
    assertThat(probe.kernel(directory.resolve("none"))).isEmpty();
    assertThat(probe.kernel(directory)).isEmpty();
    Path kernel = Files.createFile(directory.resolve("vmlinuz-6.1.0"));

    assertThat(probe.kernel(directory)).contains(kernel);
  }
}
