package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyper2kvm.SilentAnswers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Small disks in the layouts of distributions, through the whole pipeline with its checks and
 * without a boot: nothing in them starts.
 */
@Timeout(1800)
class DistributionCasesIT {

  private static final String ROOT = "UUID=11111111-2222-4333-8444-000000000001";
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  @TempDir private static Path directory;
  private static DaemonProcess daemon;

  @BeforeAll
  static void startDaemon() throws Exception {
    daemon = DaemonProcess.start(directory);
  }

  @AfterAll
  static void stopDaemon() throws Exception {
    daemon.stop();
  }

  private static JsonNode converted(String name) throws Exception {
    Path folder = Files.createDirectory(directory.resolve(name));
    RealGuest.Program.run(
        List.of(
            "bash",
            RealGuest.Program.HOME.resolve("src/test/guests/cases/" + name + ".sh").toString(),
            folder.toString()));
    daemon.drop(name + ".json", Files.readString(folder.resolve("manifest.json")));
    DaemonProcess.Outcome outcome = daemon.outcome(name + ".json", PATIENCE);
    assertThat(outcome.completed()).as(() -> outcome.json().toPrettyString()).isTrue();
    assertThat(SilentAnswers.in(outcome.json())).isEmpty();
    return outcome.json();
  }

  private static List<String> linesAfter(JsonNode report, String file) {
    List<String> lines = new ArrayList<>();
    for (JsonNode fix : report.at("/stages/fix/fixes_applied")) {
      for (JsonNode change : fix.path("changes")) {
        if (change.path("file").asText().equals(file)) {
          lines.add(change.path("after").asText().strip());
        }
      }
    }
    return lines;
  }

  private static void assertChecked(JsonNode report) {
    assertThat(report.at("/stages/validate/checks"))
        .filteredOn(check -> check.path("name").asText().matches("guest_(fstab|boot_entries)"))
        .hasSize(2)
        .allSatisfy(check -> assertThat(check.path("status").asText()).isEqualTo("passed"));
  }

  @Test
  void alpineWithExtlinuxIsConverted() throws Exception {
    JsonNode report = converted("dist-alpine");

    assertThat(report.at("/stages/inspect/boot_loader").asText()).isEqualTo("extlinux");
    assertThat(report.at("/stages/inspect/initramfs_tool").asText()).isEqualTo("mkinitfs");
    assertThat(linesAfter(report, "/etc/fstab")).containsExactly(ROOT + " / ext4 rw,relatime 0 1");
    assertThat(linesAfter(report, "/boot/extlinux.conf"))
        .containsExactly(
            "APPEND root=" + ROOT + " modules=sd-mod,usb-storage,ext4 quiet rootfstype=ext4");
    assertThat(linesAfter(report, "/etc/update-extlinux.conf")).containsExactly("root=" + ROOT);
    assertChecked(report);
  }
}
