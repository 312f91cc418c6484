package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyper2kvm.it.RealGuest.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A guest whose root is an md array over both of its disks: found, fixed, and left as it is. */
@Timeout(900)
class MdGuestIT {

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @TempDir private Path directory;

  private String disk(String name) {
    return directory.resolve(name).toString();
  }

  /** No kernel, no boot loader: what is looked at is where its file systems are. */
  private void build() throws Exception {
    for (String name : List.of("one.raw", "two.raw")) {
      Program.run(List.of("truncate", "-s", "96M", disk(name)));
    }
    Path script = directory.resolve("build.gf");
    Files.writeString(
        script,
        """
        run
        part-init /dev/sda mbr
        part-add /dev/sda p 2048 67583
        part-add /dev/sda p 67584 -2048
        part-init /dev/sdb mbr
        part-add /dev/sdb p 2048 -2048
        md-create md0 "/dev/sda2 /dev/sdb1" level:raid0
        mkfs ext4 /dev/md/md0
        mkfs ext4 /dev/sda1
        mount /dev/md/md0 /
        mkdir /boot
        mkdir /etc
        mkdir-p /bin
        write /etc/os-release "PRETTY_NAME=\\"Debian GNU/Linux 12 (bookworm)\\"\\nID=debian\\nVERSION_ID=\\"12\\"\\n"
        write /etc/hostname "raid01\\n"
        write /etc/fstab "/dev/md0 / ext4 errors=remount-ro 0 1\\n/dev/sda1 /boot ext4 defaults 0 2\\n"
        umount-all
        """);
    ProcessBuilder guestfish =
        new ProcessBuilder(
            "guestfish",
            "--format=raw",
            "-a",
            disk("one.raw"),
            "--format=raw",
            "-a",
            disk("two.raw"),
            "-f",
            script.toString());
    guestfish.environment().put("LIBGUESTFS_BACKEND", "direct");
    guestfish.environment().put("LIBGUESTFS_BACKEND_SETTINGS", "force_tcg");
    assertThat(guestfish.inheritIO().start().waitFor()).isZero();
  }

  @Test
  void theArrayIsFoundAndItsRowStays() throws Exception {
    build();
    DaemonProcess daemon = DaemonProcess.start(Files.createDirectory(directory.resolve("site")));
    try {
      daemon.drop(
          "raid01.json",
          """
          {"version": "1.0", "pipeline": {
            "load": {"source_type": "raw", "source_path": "%s", "additional_disks": ["%s"]},
            "fix": {"fstab": {"mode": "stabilize-all"}},
            "convert": {"output_format": "qcow2"}}}
          """
              .formatted(disk("one.raw"), disk("two.raw")));
      DaemonProcess.Outcome outcome = daemon.outcome("raid01.json", PATIENCE);

      assertThat(outcome.completed()).as(() -> outcome.json().toPrettyString()).isTrue();
      JsonNode stages = outcome.json().path("stages");
      assertThat(stages.at("/inspect/hostname").asText()).isEqualTo("raid01");
      JsonNode fstab = stages.at("/fix/fixes_applied/0");
      assertThat(fstab.path("changes")).hasSize(1);
      assertThat(fstab.at("/changes/0/before").asText()).startsWith("/dev/sda1 /boot");
      assertThat(fstab.at("/changes/0/after").asText()).startsWith("UUID=");
      assertThat(fstab.path("left_alone").toString()).contains("/dev/md0 / ext4");
      assertThat(daemon.output("raid01-converted.qcow2")).exists();
      assertThat(daemon.output("raid01-converted-disk2.qcow2")).exists();
    } finally {
      daemon.stop();
    }
  }
}
