package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** File systems on a RAID 1 and on logical volumes, which the appliance calls by other names. */
@Timeout(900)
class VolumesIT {

  private static final Duration PATIENCE = Duration.ofMinutes(12);

  @TempDir private Path directory;

  @Test
  void volumesAreMountedByTheGuestsNamesAndTheirRowsStay() throws Exception {
    List<Path> disks = RealGuest.onVolumes();
    DaemonProcess daemon = DaemonProcess.start(directory);
    DaemonProcess.Outcome outcome;
    try {
      daemon.drop(
          "db02.json",
          """
          {"version": "1.0", "pipeline": {
            "load": {"source_type": "vmdk", "source_path": "%s", "additional_disks": ["%s"]},
            "fix": {"fstab": {"mode": "stabilize-all"}},
            "convert": {"output_format": "qcow2"}}}
          """
              .formatted(disks.get(0), disks.get(1)));
      outcome = daemon.outcome("db02.json", PATIENCE);
    } finally {
      daemon.stop();
    }
    JsonNode stages = outcome.json().path("stages");
    assertThat(outcome.completed()).as(() -> outcome.json().toPrettyString()).isTrue();
    // There is no kernel that could prove virtio drivers.
    assertThat(outcome.json().path("warnings"))
        .extracting(JsonNode::asText)
        .allMatch(warning -> warning.startsWith("the VM gets sata disks"));

    Map<String, String> mounted = new HashMap<>();
    stages
        .at("/inspect/file_systems")
        .forEach(fs -> mounted.put(fs.path("mount_point").asText(), fs.path("device").asText()));
    assertThat(mounted)
        .containsEntry("/", "/dev/vg-0/root")
        .containsEntry("/usr", "/dev/vg-0/usr")
        .hasEntrySatisfying("/boot", device -> assertThat(device).startsWith("/dev/md"));
    assertThat(stages.at("/inspect/kernels/0/image").asText()).isEqualTo("/boot/vmlinuz-6.1.0");

    String uuid = "";
    for (JsonNode fs : stages.at("/inspect/file_systems")) {
      uuid = fs.path("device").asText().equals("/dev/sdb3") ? fs.path("uuid").asText() : uuid;
    }
    // Read from the outputs, both of which root needs.
    assertThat(
            fstab(
                daemon.output("db02-converted.qcow2"), daemon.output("db02-converted-disk2.qcow2")))
        .isEqualTo(
            """
            # kept as it is written
            /dev/mapper/vg--0-root  /      ext4  errors=remount-ro  0 1
            /dev/md0                /boot  ext4  defaults           0 2
            /dev/mapper/vg--0-usr   /usr   ext4  defaults           0 2
            UUID=%s               /srv   ext4  defaults           0 2"""
                .formatted(uuid));
  }

  private static String fstab(Path first, Path second) throws Exception {
    return RealGuest.Program.run(
        List.of(
            "guestfish",
            "--ro",
            "--format=qcow2",
            "-a",
            first.toString(),
            "--format=qcow2",
            "-a",
            second.toString(),
            "run",
            ":",
            "mount-ro",
            "/dev/vg-0/root",
            "/",
            ":",
            "cat",
            "/etc/fstab"));
  }
}
