package io.hyper2kvm.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The probe's guest, under the real QEMU. */
class KvmProbeIT {

  private static final String QEMU = "qemu-system-x86_64";

  @TempDir Path directory;

  private final KvmProbe probe = new KvmProbe(ToolUser.OWN);
  private final Map<String, String> environment = Map.of("PATH", System.getenv("PATH"));

  @Test
  void theGuestRunsUnderEmulation() throws IOException {
    assertThat(probe.runs(QEMU, "tcg", directory, environment)).isTrue();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aKernelComesToItsPanicUnderEmulation() throws IOException {
    // Beside another test emulation may take much longer than a KVM that works.
    KvmProbe patient = new KvmProbe(ToolUser.OWN, Duration.ofMinutes(3));
    Path kernel = patient.kernel(Path.of("/boot")).orElseThrow();

    assertThat(patient.boots(QEMU, "tcg", kernel, directory, environment)).isTrue();
  }

  @Test
  void aKernelThatDoesNotStartIsNoSuccess() throws IOException {
    Path kernel = Files.write(directory.resolve("vmlinuz-0"), new byte[64 << 10]);

    assertThat(probe.boots(QEMU, "tcg", kernel, directory, environment)).isFalse();
  }

  @Test
  void anAcceleratorThatIsNotThereIsNoSuccess() throws IOException {
    assertThat(probe.runs(QEMU, "hvf", directory, environment)).isFalse();
  }
}
