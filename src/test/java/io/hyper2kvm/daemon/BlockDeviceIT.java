package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyper2kvm.stage.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A loop device as source, with the real qemu-img. Needs losetup and the right to use it. */
@Tag("daemon")
class BlockDeviceIT {

  @TempDir Path folder;
  private RunningDaemon daemon;
  private RealDisks disks;
  private Path raw;
  private Path device;

  @BeforeEach
  void attach() throws Exception {
    assumeTrue(RealDisks.toolsAreThere(), "qemu-img is not installed");
    daemon = new RunningDaemon(folder);
    daemon.path = System.getenv("PATH");
    disks = new RealDisks(daemon.root.resolve("in"));
    raw = disks.raw("disk.raw");
    String name = losetup("--find", "--show", "--read-only", raw.toString());
    assumeTrue(name.startsWith("/dev/loop"), "no loop device can be had: " + name);
    device = Path.of(name);
  }

  @AfterEach
  void detach() throws Exception {
    if (device != null) {
      losetup("--detach", device.toString());
    }
    if (daemon != null) {
      daemon.close();
    }
  }

  private static String losetup(String... arguments) throws IOException, InterruptedException {
    List<String> command = new java.util.ArrayList<>(List.of("losetup"));
    command.addAll(List.of(arguments));
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      return e.getMessage();
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return said.strip();
  }

  @Test
  void anAllowedDeviceIsConverted() throws Exception {
    daemon.devices = List.of(Path.of("/dev/loop*"));
    daemon.start();

    daemon.drop("web.json", daemon.single(device, "web"));

    JsonNode report = daemon.report("web.json");
    assertThat(report.path("status").asText()).isEqualTo("completed");
    disks.assertSame(raw, daemon.output().resolve("web-converted.raw"));
    JsonNode file = report.at("/stages/load/artifacts/0/fingerprint/0");
    assertThat(file.path("path").asText()).isEqualTo(device.toString());
    assertThat(file.path("size_bytes").asLong()).isEqualTo(Files.size(raw));
    assertThat(file.path("head_sha256").asText()).hasSize(64);
    assertThat(report.path("warnings").toString()).contains("is a block device");
  }

  /** The checksum says that it is the same device, so nothing is converted a second time. */
  @Test
  void theOutputOfADeviceWithAChecksumIsReused() throws Exception {
    daemon.devices = List.of(device);
    daemon.start();
    String manifest =
        daemon
            .single(device, "web")
            .replaceFirst(
                "\"source_path\"",
                "\"checksum\": \"sha256:" + Sha256.of(raw) + "\", \"source_path\"");
    daemon.drop("web.json", manifest);
    assertThat(daemon.report("web.json").path("status").asText()).isEqualTo("completed");

    daemon.drop("again.json", manifest);

    JsonNode report = daemon.report("again.json");
    assertThat(report.path("status").asText()).isEqualTo("completed");
    assertThat(report.path("reused_from").isMissingNode()).isFalse();
  }

  /** What stands behind its first MiB may have changed since. */
  @Test
  void theOutputOfADeviceWithoutAChecksumIsNotReused() throws Exception {
    daemon.devices = List.of(device);
    daemon.start();
    daemon.drop("web.json", daemon.single(device, "web"));
    daemon.report("web.json");

    daemon.drop("again.json", daemon.single(device, "web"));

    JsonNode error = daemon.error("again.json");
    assertThat(error.path("code").asText()).isEqualTo("OUTPUT_EXISTS");
    assertThat(error.path("error").asText()).contains("of a block device without a checksum");
  }

  @Test
  void aDeviceThatIsNotAllowedIsRefused() throws Exception {
    daemon.devices = List.of(Path.of("/dev/vg0/snap-*"));
    daemon.start();

    daemon.drop("web.json", daemon.single(device, "web"));

    JsonNode error = daemon.error("web.json");
    assertThat(error.path("code").asText()).isEqualTo("SOURCE_NOT_REGULAR");
    assertThat(error.path("error").asText()).contains("a block device");
    assertThat(error.path("hint").asText()).contains("allowed_devices");
  }
}
