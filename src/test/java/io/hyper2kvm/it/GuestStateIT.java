package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Labels of SELinux, and file systems that were in use or have errors, on a small guest. */
@Timeout(900)
class GuestStateIT {

  private static final Duration PATIENCE = Duration.ofMinutes(12);

  @TempDir private Path directory;

  private Path made(Map<String, String> environment) throws Exception {
    return made("state-selinux", environment);
  }

  private Path made(String name, Map<String, String> environment) throws Exception {
    Path maker = RealGuest.Program.HOME.resolve("src/test/guests/cases/" + name + ".sh");
    ProcessBuilder builder =
        new ProcessBuilder("bash", maker.toString(), directory.toString()).inheritIO();
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(6, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isZero();
    return directory.resolve("disk.img");
  }

  /** What debugfs says of the output's first partition. */
  private static String debugfs(Path image, String request) throws Exception {
    return RealGuest.Program.run(
        List.of("/usr/sbin/debugfs", "-R", request, image + "?offset=" + (1 << 20)));
  }

  private static JsonNode fileSystem(JsonNode stages, String device) {
    for (JsonNode row : stages.at("/inspect/file_systems")) {
      if (row.path("device").asText().equals(device)) {
        return row;
      }
    }
    throw new AssertionError("no row of " + device + " in " + stages);
  }

  @Test
  void labelsAreKeptAndSetAndFileSystemsAreCleanAfterwards() throws Exception {
    Path disk = made(Map.of());
    Files.createDirectories(directory.resolve("daemon"));
    DaemonProcess daemon = DaemonProcess.start(directory.resolve("daemon"));
    DaemonProcess.Outcome outcome;
    try {
      daemon.drop(
          "rocky.json",
          """
          {"version": "1.0", "pipeline": {
            "load": {"source_type": "raw", "source_path": "%s"},
            "fix": {"fstab": {"mode": "stabilize-all"}, "network": {"fix_level": "full"}},
            "convert": {"output_format": "raw"}}}
          """
              .formatted(disk));
      outcome = daemon.outcome("rocky.json", PATIENCE);
    } finally {
      daemon.stop();
    }
    JsonNode stages = outcome.json().path("stages");
    assertThat(outcome.completed()).as(() -> outcome.json().toPrettyString()).isTrue();
    assertThat(fileSystem(stages, "/dev/sda1").path("state").asText()).isEqualTo("errors");
    assertThat(fileSystem(stages, "/dev/sda1").path("fsck_exit_code").asInt(-1)).isBetween(0, 1);
    assertThat(fileSystem(stages, "/dev/sda2").path("state").asText()).isEqualTo("journal");
    assertThat(stages.at("/fix/file_systems"))
        .extracting(row -> row.path("state").asText())
        .containsExactly("clean", "clean");
    assertThat(stages.at("/fix/selinux/autorelabel").asBoolean(true)).isFalse();

    Path output = daemon.output("rocky-converted.raw");
    assertThat(debugfs(output, "ea_list /etc/fstab"))
        .contains("system_u:object_r:my_t:s0", "user.note (4) = \"kept\"");
    assertThat(debugfs(output, "stat /etc/fstab")).contains("Mode:  0640", "Group:     5");
    assertThat(debugfs(output, "cat /etc/fstab")).contains("UUID=11111111-2222-4333-8444");
    Map<String, String> types =
        Map.of(
            "/etc/udev", "etc_t",
            "/etc/udev/rules.d", "udev_rules_t",
            "/etc/udev/rules.d/70-hyper2kvm-net.rules", "udev_rules_t");
    assertThat(stages.at("/fix/selinux/labels_set"))
        .extracting(set -> set.path("file").asText())
        .containsExactlyInAnyOrderElementsOf(types.keySet());
    for (JsonNode set : stages.at("/fix/selinux/labels_set")) {
      String file = set.path("file").asText();
      String label = "system_u:object_r:" + types.get(file) + ":s0";
      assertThat(set.path("label").asText()).isEqualTo(label);
      assertThat(debugfs(output, "ea_list " + file)).contains(label);
    }
  }

  @Test
  void aHibernatedGuestIsRefused() throws Exception {
    made(Map.of("HIBERNATED", "1"));

    GuestCase refused = GuestCase.planned(directory.resolve("manifest.json"));

    assertThat(refused.failureCode()).isEqualTo("GUEST_HIBERNATED");
    assertThat(refused.failureMessage()).contains("disk 1, partition 3");
  }

  @Test
  void aFileSystemThatFsckCannotRepairIsRefused() throws Exception {
    made(Map.of("DAMAGED", "1"));

    GuestCase refused = GuestCase.planned(directory.resolve("manifest.json"));

    assertThat(refused.failureCode()).isEqualTo("GUEST_FILE_SYSTEM_DAMAGED");
    assertThat(refused.failureMessage()).contains("disk 1, partition 1", "exit code 4");
  }

  @Test
  @Tag("all")
  void theLogOfAnXfsThatWasInUseIsReplayedAndABtrfsInLuksIsOpened() throws Exception {
    made("state-xfs-dirty", Map.of());

    GuestCase plan =
        GuestCase.planned(
            directory.resolve("manifest.json"),
            Map.of("HYPER2KVM_LUKS_KEYS", "vm=*; key_file=" + directory.resolve("text.key")));

    assertThat(plan.completed()).as(() -> plan.report().toPrettyString()).isTrue();
    JsonNode stages = plan.report().path("stages");
    assertThat(fileSystem(stages, "/dev/sda1").path("state").asText()).isEqualTo("journal");
    assertThat(fileSystem(stages, "/dev/mapper/srv_crypt").path("type").asText())
        .isEqualTo("btrfs");
    assertThat(plan.linesAfter("/etc/fstab"))
        .containsExactly("UUID=11111111-2222-4333-8444-0000000000e1 / xfs noatime 0 1");
    assertThat(plan.linesAfter("/etc/crypttab"))
        .containsExactly("srv_crypt UUID=11111111-2222-4333-8444-0000000000e2 none luks");
    assertThat(plan.warnings()).allMatch(warning -> warning.startsWith("the VM gets"));
  }
}
