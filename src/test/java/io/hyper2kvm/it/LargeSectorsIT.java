package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyper2kvm.it.RealGuest.Program;
import io.hyper2kvm.tool.boot.BootDevices;
import io.hyper2kvm.tool.boot.BootDisk;
import io.hyper2kvm.tool.boot.BootFailure;
import io.hyper2kvm.tool.boot.BootFirmware;
import io.hyper2kvm.tool.boot.BootPlan;
import io.hyper2kvm.tool.boot.BootTest;
import io.hyper2kvm.tool.boot.BootVerdict;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A VM whose first disk has sectors of 4096 bytes and whose second has those of 512, both with a
 * GPT, made in an appliance that shows them so.
 */
@Timeout(600)
@Tag("all")
class LargeSectorsIT {

  private static final Duration PATIENCE = Duration.ofMinutes(8);
  private static final String ROOT = "11111111-2222-4333-8444-555555555555";
  private static final String DATA = "99999999-8888-4777-a666-555555555555";

  @TempDir private Path directory;
  private DaemonProcess daemon;

  @BeforeEach
  void startDaemon() throws IOException {
    daemon = DaemonProcess.start(directory);
  }

  @AfterEach
  void stopDaemon() throws IOException, InterruptedException {
    daemon.stop();
  }

  private Path empty(String name, long bytes) throws IOException {
    Path file = directory.resolve(name);
    try (RandomAccessFile disk = new RandomAccessFile(file.toFile(), "rw")) {
      disk.setLength(bytes);
    }
    return file;
  }

  /** A kernel is an EFI program; the appliance needs one, so there is one. */
  private static Path kernel() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/boot"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("vmlinuz-"))
          .filter(Files::isReadable)
          .max(Comparator.naturalOrder())
          .orElseThrow(() -> new AssertionError("no readable kernel in /boot"));
    }
  }

  private void make(Path system, Path data) throws IOException, InterruptedException {
    Path script =
        Files.writeString(
            directory.resolve("make.fish"),
            """
            add-drive %s format:raw blocksize:4096
            add-drive %s format:raw
            run
            part-init /dev/sda gpt
            part-add /dev/sda p 256 65535
            part-set-gpt-type /dev/sda 1 C12A7328-F81F-11D2-BA4B-00A0C93EC93B
            part-add /dev/sda p 65536 -34
            mkfs vfat /dev/sda1
            mount /dev/sda1 /
            mkdir-p /EFI/BOOT
            upload %s /EFI/BOOT/BOOTX64.EFI
            umount /
            part-init /dev/sdb gpt
            part-add /dev/sdb p 2048 -34
            mkfs ext4 /dev/sda2
            mkfs ext4 /dev/sdb1
            set-uuid /dev/sda2 %s
            set-uuid /dev/sdb1 %s
            mount /dev/sda2 /
            mkdir /etc
            write /etc/os-release "ID=debian\\nPRETTY_NAME=Large\\n"
            write /etc/fstab "/dev/sda2 / ext4 defaults 0 1\\n/dev/sdb1 /data ext4 defaults 0 2\\n"
            """
                .formatted(system, data, kernel(), ROOT, DATA));
    Program.run(List.of("guestfish", "-f", script.toString()));
  }

  private String vm(String name, Path system, Path data, String more) {
    return """
        {"name": "%s", "pipeline": {
          "load": {"source_type": "raw", "source_path": "%s", "additional_disks": ["%s"]},
          %s "convert": {"output_format": "qcow2"}, "validate": {"enabled": true}}}
        """
        .formatted(name, system, data, more);
  }

  private void assertEqual(Path raw, String output) throws Exception {
    List<String> compare = List.of("qemu-img", "compare", "-f", "raw", "-F", "qcow2");
    List<String> command = new ArrayList<>(compare);
    command.addAll(List.of(raw.toString(), daemon.output(output).toString()));
    assertThat(Program.run(command)).isEqualTo("Images are identical.");
  }

  @Test
  void aDiskOf4096ByteSectorsIsLookedIntoFixedAndConverted() throws Exception {
    Path system = empty("system.raw", 320 << 20);
    Path data = empty("data.raw", 32 << 20);
    make(system, data);
    FileTime before = Files.getLastModifiedTime(system);
    String look = vm("look", system, data, "\"inspect\": {\"enabled\": true},");
    String fix =
        vm("fix", system, data, "\"fix\": {\"fstab\": {\"enabled\": true}},")
            .replace("\"qcow2\"}", "\"qcow2\", \"domain\": {\"disk_bus\": \"virtio\"}}");

    daemon.drop(
        "large.json",
        "{\"version\": \"1.0\", \"batch\": true, \"vms\": [%s, %s]}".formatted(look, fix));
    DaemonProcess.Outcome outcome = daemon.outcome("large.json", PATIENCE);

    assertThat(outcome.completed()).as(() -> outcome.json().toPrettyString()).isTrue();
    JsonNode looked = outcome.json().at("/vms/0");
    assertThat(looked.at("/stages/load/artifacts"))
        .extracting(disk -> disk.path("logical_sector_size_bytes").asInt())
        .containsExactly(4096, 512);
    assertThat(looked.at("/stages/inspect/os_detected").asText()).isEqualTo("Large");
    assertThat(looked.path("warnings").toString())
        .contains("system.raw has a GPT for sectors of 4096 bytes")
        .doesNotContain("data.raw", "a BIOS boots from no disk");
    assertEqual(system, "look-converted.qcow2");
    assertEqual(data, "look-converted-disk2.qcow2");
    assertEqual(data, "fix-converted-disk2.qcow2");
    assertThat(daemon.output("fix.xml")).content().contains("<blockio logical_block_size=\"4096\"");
    assertThat(fstab(daemon.output("fix-converted.qcow2")))
        .isEqualTo(
            "UUID=%s / ext4 defaults 0 1\nUUID=%s /data ext4 defaults 0 2".formatted(ROOT, DATA));
    assertThat(Files.getLastModifiedTime(system)).isEqualTo(before);
    BootVerdict verdict = boot(daemon.output("look-converted.qcow2"), 4096);
    assertThat(verdict.failure()).as("%s", verdict).contains(BootFailure.KERNEL_PANIC);
  }

  /** The kernel finds no root, but it is the firmware that must have found the kernel. */
  private BootVerdict boot(Path disk, int sectorSize) throws Exception {
    Path code =
        Path.of(System.getProperty("h2k.ovmf", "/usr/share/OVMF")).resolve("OVMF_CODE_4M.fd");
    return new BootTest()
        .run(
            new BootPlan(
                "qemu-system-x86_64",
                false,
                List.of(new BootDisk(disk, "qcow2", sectorSize)),
                0,
                BootDevices.VIRTIO,
                1024,
                1,
                Optional.of(new BootFirmware(code, code.resolveSibling("OVMF_VARS_4M.fd"))),
                "52:54:00:12:34:56",
                Optional.empty(),
                Optional.empty(),
                Duration.ofMinutes(4),
                Files.createDirectories(directory.resolve("boot"))),
            evidence -> {});
  }

  private static String fstab(Path disk) throws IOException, InterruptedException {
    return Program.run(
        List.of(
            "guestfish",
            "--ro",
            "--blocksize=4096",
            "--format=qcow2",
            "-a",
            disk.toString(),
            "-m",
            "/dev/sda2",
            "cat",
            "/etc/fstab"));
  }
}
