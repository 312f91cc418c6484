package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.config.WorkflowConfig;
import io.hyper2kvm.config.value.DurationText;
import io.hyper2kvm.daemon.boot.DaemonStop;
import io.hyper2kvm.tool.ToolEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The service unit agrees with the program that it starts. */
class ServiceUnitTest {

  private static final Path UNIT = Path.of("config/hyper2kvm-manifest.service");

  private static List<String> values(String key) throws IOException {
    return Files.readAllLines(UNIT).stream()
        .filter(line -> line.startsWith(key + "="))
        .map(line -> line.substring(key.length() + 1))
        .toList();
  }

  @Test
  void systemdWaitsUntilTheDaemonHasGivenUpWaiting() throws IOException {
    Duration shutdown =
        DurationText.parse(WorkflowConfig.SHUTDOWN_TIMEOUT.defaultText().orElseThrow());
    assertThat(values("TimeoutStopSec"))
        .singleElement()
        .satisfies(
            stop ->
                assertThat(DurationText.parse(stop))
                    // The work, the end of the tools and the moves back, and Camel's own end.
                    .isGreaterThan(shutdown.plus(DaemonStop.GRACE.multipliedBy(2))));
  }

  @Test
  void onlyTheDaemonIsToldToStop() throws IOException {
    assertThat(values("KillMode")).containsExactly("mixed");
  }

  @Test
  void configuredFoldersMayBeWritten() throws IOException {
    List<String> writable = List.of(values("ReadWritePaths").get(0).split(" "));
    String configuration = Files.readString(Path.of("config/manifest-daemon.yaml"));
    Matcher folder =
        Pattern.compile("(?m)^(?:manifest_workflow_dir|output_dir|log_dir): (\\S+)$")
            .matcher(configuration);
    int folders = 0;
    for (; folder.find(); folders++) {
      Path path = Path.of(folder.group(1));
      assertThat(writable).as(path.toString()).anyMatch(root -> path.startsWith(Path.of(root)));
    }
    assertThat(folders).isEqualTo(3);
  }

  @Test
  void applianceCanBeMadeAndBoot() throws IOException {
    // Each of these would take away what libguestfs and QEMU need; the unit says why.
    for (String key :
        List.of("PrivateDevices", "ProtectKernelModules", "MemoryDenyWriteExecute", "ProcSubset")) {
      assertThat(values(key)).as(key).isEmpty();
    }
    assertThat(values("DeviceAllow")).containsExactly("/dev/kvm rw");
    assertThat(values("Environment")).containsExactly("LIBGUESTFS_CACHEDIR=/var/cache/hyper2kvm");
    assertThat(ToolEnvironment.of(java.util.Map.of("LIBGUESTFS_CACHEDIR", "/x"), "/", true))
        .containsEntry("LIBGUESTFS_CACHEDIR", "/x");
  }
}
