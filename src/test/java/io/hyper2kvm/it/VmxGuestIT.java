package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyper2kvm.it.RealGuest.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real guest with two disks and two cards in a VM's folder as VMware keeps it. Its current state
 * is a snapshot, its table names the second disk by a letter, and nothing in it tells which of its
 * cards is which: only the slots of the description do, whose order is not the cards'.
 */
@Timeout(2400)
@Tag("all")
class VmxGuestIT {

  private static final Duration PATIENCE = Duration.ofMinutes(20);

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

  /** The machine has ens224 as its first card, as the guest's own description in the cache. */
  private static final String VMX =
      """
      .encoding = "UTF-8"
      config.version = "8"
      virtualHW.version = "20"
      displayName = "gate01"
      guestOS = "debian12-64"
      memSize = "1024"
      numvcpus = "2"
      scsi0.present = "TRUE"
      scsi0.virtualDev = "pvscsi"
      scsi0.pciSlotNumber = "160"
      scsi0:1.deviceType = "scsi-hardDisk"
      scsi0:1.fileName = "gate01_1.vmdk"
      scsi0:1.present = "TRUE"
      scsi0:0.deviceType = "scsi-hardDisk"
      scsi0:0.fileName = "gate01-000001.vmdk"
      scsi0:0.present = "TRUE"
      ethernet0.virtualDev = "vmxnet3"
      ethernet0.networkName = "DMZ"
      ethernet0.addressType = "vpx"
      ethernet0.generatedAddress = "00:0c:29:5e:16:b2"
      ethernet0.pciSlotNumber = "224"
      ethernet0.present = "TRUE"
      ethernet1.virtualDev = "vmxnet3"
      ethernet1.networkName = "VM Network"
      ethernet1.addressType = "vpx"
      ethernet1.generatedAddress = "00:0c:29:5e:16:a1"
      ethernet1.pciSlotNumber = "192"
      ethernet1.present = "TRUE"
      floppy0.present = "FALSE"
      """;

  private static final String VMSD =
      """
      .encoding = "UTF-8"
      snapshot.lastUID = "1"
      snapshot.current = "1"
      snapshot0.uid = "1"
      snapshot0.displayName = "installed"
      snapshot0.numDisks = "1"
      snapshot0.disk0.fileName = "gate01.vmdk"
      snapshot0.disk0.node = "scsi0:0"
      snapshot.numSnapshots = "1"
      """;

  private static Path folder(BootedGuest guest) throws Exception {
    Path folder = Files.createDirectory(directory.resolve("gate01"));
    Path source = guest.folder().resolve(guest.description().at("/disks/0").asText());
    Path base = Files.copy(source, folder.resolve("gate01.vmdk"));
    assertThat(base.toFile().setWritable(true)).isTrue();
    Path leaf = folder.resolve("gate01-000001.vmdk");
    Path data = folder.resolve("gate01_1.vmdk");
    Program.run(
        List.of(
            "sh",
            "-c",
            """
            cd "$1" &&
            qemu-img create -q -f vmdk -b gate01.vmdk -F vmdk gate01-000001.vmdk &&
            qemu-img create -q -f vmdk gate01_1.vmdk 64M &&
            timeout 600 guestfish --format=vmdk -a "$2" --format=vmdk -a "$3" run \
              : mount /dev/sda1 / \
              : rm /etc/systemd/network/10-ens192.link \
              : rm /etc/systemd/network/10-ens224.link \
              : write-append /etc/fstab '/dev/sdb1 /srv ext4 defaults 0 2
            ' \
              : part-disk /dev/sdb mbr \
              : mkfs ext4 /dev/sdb1
            """,
            "make",
            folder.toString(),
            leaf.toString(),
            data.toString()));
    Files.writeString(folder.resolve("gate01.vmx"), VMX);
    Files.writeString(folder.resolve("gate01.vmsd"), VMSD);
    return folder;
  }

  @Test
  void itBootsWithBothDisksAndAnswersOnBothCardsAtTheirOldNames() throws Exception {
    BootedGuest guest = BootedGuest.build("two-cards", false);
    Path folder = folder(guest);

    daemon.drop(
        "gate01.yaml",
        """
        version: "1.0"
        name: gate01
        pipeline:
          load: {source_type: vmx, source_path: %s}
          fix: {fstab: {}, grub: {}, initramfs: {}, network: {}}
          convert: {output_format: qcow2}
        """
            .formatted(folder));
    DaemonProcess.Outcome outcome = daemon.outcome("gate01.yaml", PATIENCE);
    assertThat(outcome.completed()).as(() -> outcome.json().toPrettyString()).isTrue();
    assertThat(outcome.json().at("/stages/load/machine/network_cards").findValuesAsText("slot"))
        .containsExactly("224", "192");

    Path console = directory.resolve("gate01.console");
    JsonNode booted =
        guest.bootOnVirtio(
            List.of(
                daemon.output("gate01-converted.qcow2"),
                daemon.output("gate01-converted-disk2.qcow2")),
            console);

    assertThat(booted.path("boots_and_answers").asBoolean())
        .as(() -> booted + "\n" + outcome.json().toPrettyString())
        .isTrue();
  }
}
