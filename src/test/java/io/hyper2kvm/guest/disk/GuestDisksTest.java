package io.hyper2kvm.guest.disk;

import static io.hyper2kvm.guest.SampleGuests.DATA;
import static io.hyper2kvm.guest.SampleGuests.NAMELESS;
import static io.hyper2kvm.guest.SampleGuests.NO_UUID;
import static io.hyper2kvm.guest.SampleGuests.ONE_DISK;
import static io.hyper2kvm.guest.SampleGuests.ROOT;
import static io.hyper2kvm.guest.SampleGuests.ROOT_UUID;
import static io.hyper2kvm.guest.SampleGuests.THREE_DISKS;
import static io.hyper2kvm.guest.SampleGuests.WHOLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuestDisksTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dev/sda1",
        "/dev/hda1",
        "/dev/xvda1",
        "/dev/vda1",
        "/dev/nvme0n1p1",
        "/dev/mmcblk0p1",
        "/dev/cciss/c0d0p1",
        "/dev/disk/by-path/pci-0000:00:10.0-scsi-0:0:0:0-part1",
        "/dev/disk/by-path/pci-0000:02:01.0-ata-1-part1",
        "/dev/disk/by-path/pci-0000:02:01.0-ata-1.0-part1",
        "/dev/disk/by-uuid/" + ROOT_UUID,
        "/dev/disk/by-label/rootfs",
        "/dev/disk/by-partuuid/4d3c2b1a-01",
        "UUID=" + ROOT_UUID,
        "UUID=\"" + ROOT_UUID + "\"",
        "LABEL=rootfs",
        "PARTUUID=4d3c2b1a-01"
      })
  void everyWayToNameTheFirstPartitionLeadsToIt(String name) {
    assertThat(THREE_DISKS.resolve(name)).contains(ROOT);
    assertThat(ONE_DISK.resolve(name)).contains(ROOT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dev/sdb1",
        "/dev/vdb1",
        "/dev/hdb1",
        "/dev/nvme1n1p1",
        "/dev/nvme0n2p1",
        "/dev/cciss/c0d1p1",
        "/dev/disk/by-path/pci-0000:00:10.0-scsi-0:0:1:0-part1",
        "/dev/disk/by-path/pci-0000:03:00.0-scsi-0:0:1:0-part1"
      })
  void namesOfTheSecondDiskLeadToItAndNeverToTheOnlyDisk(String name) {
    assertThat(THREE_DISKS.resolve(name)).contains(DATA);
    assertThat(ONE_DISK.resolve(name)).isEmpty();
  }

  @Test
  void wholeDiskIsAPlaceOfItsOwn() {
    assertThat(THREE_DISKS.resolve("/dev/sdc")).contains(WHOLE);
    assertThat(THREE_DISKS.resolve("/dev/sdb")).isEmpty();
  }

  @Test
  void targetSevenIsTheControllerAndTheNextDiskIsTargetEight() {
    GuestPartition eighth =
        new GuestPartition("/dev/sdh1", 7, 1, "11112222", "", "", "ext4", Set.of());
    GuestDisks disks = new GuestDisks(List.of(eighth), 8);

    assertThat(disks.resolve("/dev/disk/by-path/pci-0000:00:10.0-scsi-0:0:8:0-part1"))
        .contains(eighth);
    assertThat(disks.resolve("/dev/disk/by-path/pci-0000:00:10.0-scsi-0:0:7:0-part1")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dev/hdc1", // the CD-ROM drive takes one of the four IDE places
        "/dev/nvme1n2p1",
        "/dev/cciss/c1d0p1",
        "/dev/disk/by-path/pci-0000:0b:00.0-scsi-0:0:0:0-part1", // a second controller's first
        "/dev/disk/by-path/pci-0000:00:10.0-scsi-0:1:0:0-part1",
        "/dev/disk/by-path/pci-0000:00:10.0-scsi-0:0:0:1-part1",
        "/dev/disk/by-path/pci-0000:02:01.0-ata-2-part1",
        "/dev/disk/by-path/pci-0000:00:05.0-part1",
        "/dev/disk/by-path/acpi-VMBUS:01-vmbus-0a-lun-0-part1",
        "/dev/disk/by-id/scsi-36000c29f0000-part1"
      })
  void nameThatCouldMeanAnotherDiskLeadsNowhere(String name) {
    assertThat(THREE_DISKS.resolve(name)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dev/disk/by-id/scsi-36000c29f0000-part1",
        "/dev/disk/by-id/ata-VMware_Virtual_SATA_Hard_Drive_00000000000000000001-part1",
        "/dev/disk/by-path/pci-0000:00:05.0-part1",
        "/dev/disk/by-path/acpi-VMBUS:01-vmbus-0a-lun-0-part1",
        "/dev/disk/by-path/pci-0000:0b:00.0-nvme-1-part1",
        "/dev/disk/by-path/pci-0000:0b:00.0-scsi-0:0:0:0-part1"
      })
  void onTheOnlyDiskThereIsOneAnswer(String name) {
    assertThat(ONE_DISK.resolve(name)).contains(ROOT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dev/disk/by-path/pci-0000:0b:00.0-nvme-2-part1",
        "/dev/disk/by-path/acpi-VMBUS:01-vmbus-0a-lun-3-part1",
        "/dev/disk/by-path/pci-0000:00:07.1-ata-1.1-part1",
        "/dev/disk/by-path/pci-0000:00:07.1-ide-1:0-part1",
        "/dev/sdaa1",
        "/dev/sda999",
        "/dev/sda1x",
        "/dev/",
        "",
        "UUID=",
        "LABEL=",
        "PARTUUID=",
        "proc"
      })
  void nameOfWhatTheOnlyDiskHasNotLeadsNowhere(String name) {
    assertThat(ONE_DISK.resolve(name)).isEmpty();
  }

  @Test
  void labelIsReadAsUdevWritesIt() {
    GuestPartition partition =
        new GuestPartition("/dev/sda1", 0, 1, "1234-ABCD", "", "my data", "vfat", Set.of());
    GuestDisks disks = new GuestDisks(List.of(partition), 1);

    assertThat(disks.resolve("/dev/disk/by-label/my\\x20data")).contains(partition);
    assertThat(disks.resolve("LABEL=\"my data\"")).contains(partition);
  }

  @Test
  void partitionOffsetCountsFromTheNamedPartition() {
    assertThat(ONE_DISK.resolve("PARTUUID=4d3c2b1a-01/PARTNROFF=5")).contains(NO_UUID);
    assertThat(ONE_DISK.resolve("PARTUUID=4d3c2b1a-01/PARTNROFF=x")).isEmpty();
  }

  @Test
  void stableNameIsTheUuidElseThePartitionUuidElseNone() {
    assertThat(ONE_DISK.stableName(ROOT)).contains("UUID=" + ROOT_UUID);
    assertThat(ONE_DISK.stableName(NO_UUID)).contains("PARTUUID=4d3c2b1a-06");
    assertThat(ONE_DISK.stableName(NAMELESS)).isEmpty();
  }

  @Test
  void uuidOfAClonedDiskNamesNeitherCopy() {
    GuestPartition one =
        new GuestPartition("/dev/sda1", 0, 1, "1111-2222", "p-1", "", "ext4", Set.of());
    GuestPartition copy =
        new GuestPartition("/dev/sdb1", 1, 1, "1111-2222", "p-2", "", "ext4", Set.of());
    GuestDisks disks = new GuestDisks(List.of(one, copy), 2);

    assertThat(disks.resolve("UUID=1111-2222")).isEmpty();
    assertThat(disks.stableName(one)).contains("PARTUUID=p-1");
  }

  @Test
  void membersOfOneBtrfsShareItsUuid() {
    GuestPartition one =
        new GuestPartition("/dev/sda1", 0, 1, "1111-2222", "p-1", "", "btrfs", Set.of());
    GuestPartition two =
        new GuestPartition("/dev/sdb1", 1, 1, "1111-2222", "p-2", "", "btrfs", Set.of());
    GuestDisks disks = new GuestDisks(List.of(one, two), 2);

    assertThat(disks.resolve("UUID=1111-2222")).contains(one);
    assertThat(disks.stableName(two)).contains("UUID=1111-2222");
  }

  @Test
  void identifierThatWouldBreakTheFileIsNotUsed() {
    GuestPartition hostile =
        new GuestPartition("/dev/sda1", 0, 1, "a b\nroot::0", "x;reboot", "", "ext4", Set.of());

    assertThat(new GuestDisks(List.of(hostile), 1).stableName(hostile)).isEmpty();
  }

  @Test
  void volumeIsFoundByItsUuidAndItsOwnName() {
    GuestPartition volume =
        new GuestPartition("/dev/vg/root", -1, 0, "1111-2222", "", "", "xfs", Set.of());
    GuestDisks disks = new GuestDisks(List.of(ROOT, volume), 1);

    assertThat(disks.resolve("UUID=1111-2222")).contains(volume);
    assertThat(disks.resolve("/dev/vg/root")).contains(volume);
  }

  @Test
  void partitionOfADiskThatTheVmHasNotIsRefused() {
    assertThatThrownBy(() -> new GuestDisks(List.of(DATA), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("/dev/sdb1 is on disk 1 of 1");
  }
}
