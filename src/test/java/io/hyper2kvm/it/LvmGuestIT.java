package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real guest on two disks: its root is a logical volume over both, and it boots from the second.
 */
@Timeout(1500)
@Tag("all")
class LvmGuestIT {

  private static final Duration PATIENCE = Duration.ofMinutes(20);
  private static final String MAC = "00:0c:29:3e:5f:a1";

  @TempDir private static Path directory;
  private static DaemonProcess daemon;

  @BeforeAll
  static void startDaemon() throws IOException {
    daemon = DaemonProcess.start(directory);
  }

  @AfterAll
  static void stopDaemon() throws InterruptedException, IOException {
    daemon.stop();
  }

  @Test
  void theGuestFromAnOvaBootsFromItsSecondDisk() throws Exception {
    Path ova = RealGuest.debian12OnLvm().get(0);
    long size = Files.size(ova);
    FileTime time = Files.getLastModifiedTime(ova);

    daemon.drop(
        "db01.yaml",
        """
        version: "1.0"
        name: db01
        pipeline:
          load: {source_type: ova, source_path: %s}
          fix:
            fstab: {mode: stabilize-all}
            grub: {enabled: true}
            initramfs: {regenerate: true}
            network: {fix_level: full}
          convert: {output_format: qcow2}
          validate: {boot_test: true}
        """
            .formatted(ova));
    DaemonProcess.Outcome outcome = daemon.outcome("db01.yaml", PATIENCE);

    JsonNode stages = outcome.json().path("stages");
    assertThat(outcome.completed()).as(() -> outcome.json().toPrettyString()).isTrue();
    assertThat(outcome.json().path("warnings")).isEmpty();
    assertThat(stages.at("/inspect/boot_disk").asInt()).isEqualTo(2);
    assertThat(stages.at("/load/artifacts").findValuesAsText("member"))
        .containsExactly("db01-disk1.vmdk", "db01-disk2.vmdk");
    JsonNode boot = stages.at("/validate/boot_test");
    assertThat(boot.path("booted").asBoolean()).isTrue();
    assertThat(boot.path("network_up").asBoolean()).isTrue();
    assertThat(boot.path("mac").asText()).isNotEqualTo(MAC);
    assertThat(boot.path("evidence").toString()).containsPattern("SSH-2.0-OpenSSH|login:");
    assertThat(daemon.output("db01-converted.qcow2")).exists();
    assertThat(daemon.output("db01-converted-disk2.qcow2")).exists();
    assertThat(Files.size(ova)).isEqualTo(size);
    assertThat(Files.getLastModifiedTime(ova)).isEqualTo(time);

    String fstab = changes(stages.path("fix"), "/etc/fstab");
    assertThat(fstab).contains("/dev/sdb1").contains("UUID=2b7f1a90-5c8e-4d13-9b62-7f0c4e1d8a35");
    assertThat(fstab).doesNotContain("vg0");
  }

  /** {@code /dev/sdb1} means the second disk's first partition, which is a physical volume here. */
  @Test
  void disksInAnotherOrderThanTheGuestsAreNoReasonToGuess() throws Exception {
    List<Path> guest = RealGuest.debian12OnLvm();
    daemon.drop(
        "swapped.json",
        """
        {"version": "1.0", "dry_run": true, "pipeline": {
          "load": {"source_type": "vmdk", "source_path": "%s", "additional_disks": ["%s"]},
          "fix": {"fstab": {}, "grub": {}, "initramfs": {}}}}
        """
            .formatted(guest.get(2), guest.get(1)));
    DaemonProcess.Outcome outcome = daemon.outcome("swapped.json", PATIENCE);

    assertThat(outcome.completed()).isFalse();
    JsonNode stages = outcome.json().path("stages");
    assertThat(changes(stages.path("fix"), "/etc/fstab")).isEmpty();
    assertThat(outcome.json().path("code").asText()).isEqualTo("GUEST_MOUNT_FAILED");
    assertThat(outcome.json().path("error").asText())
        .contains("of /etc/fstab mounts /dev/sdb1 at /boot")
        .contains("disk 2, partition 1 (LVM2_member) and holds no file system");
  }

  private static String changes(JsonNode fix, String file) {
    StringBuilder changes = new StringBuilder();
    fix.findParents("file").stream()
        .filter(change -> change.path("file").asText().equals(file) && change.has("before"))
        .forEach(changes::append);
    return changes.toString();
  }
}
