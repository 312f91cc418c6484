package io.hyper2kvm.guest.disk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceNamesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dev/sda",
        "/dev/sda1",
        "/dev/sdaa12",
        "/dev/hda2",
        "/dev/xvda",
        "/dev/vdb3",
        "/dev/nvme0n1",
        "/dev/nvme10n1p15",
        "/dev/mmcblk0p1",
        "/dev/cciss/c0d0p1",
        "/dev/disk/by-path/pci-0000:00:10.0-scsi-0:0:0:0-part1",
        "/dev/disk/by-id/wwn-0x6000c29000000000-part2",
        "ID=ata-VMware_Virtual_SATA_Hard_Drive_00-part1",
        "/dev/dm-0",
        "/dev/dm-12",
        "/dev/block/8:2",
        "/dev/disk/by-diskseq/1-part2",
        "/dev/mapper/mpatha1",
        "/dev/disk/by-id/dm-uuid-part1-mpath-36000c29000000abc"
      })
  void hypervisorDecidesTheseNames(String name) {
    assertThat(DeviceNames.isUnstable(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/dev/sdata/root", // a volume group may have any name
        "/dev/vda-vg/root",
        "/dev/hd",
        "/dev/nvme0",
        "/dev/sr0",
        "/dev/fd0",
        "/dev/md0",
        "/dev/mapper/vg-root",
        "/dev/vg/root",
        "/dev/disk/by-uuid/x",
        "/dev/disk/by-label/x",
        "/dev/disk/by-path/",
        "/dev/disk/by-id/dm-name-vg-root",
        "/dev/disk/by-id/md-uuid-1:2:3:4",
        "/dev/disk/by-id/lvm-pv-uuid-abc",
        "UUID=/dev/sda1",
        "sda1",
        "/swapfile"
      })
  void contentOrTheGuestDecidesTheseNames(String name) {
    assertThat(DeviceNames.isUnstable(name)).isFalse();
  }

  @Test
  void onlyByPathLinksAreByPath() {
    assertThat(DeviceNames.isByPath("/dev/disk/by-path/pci-0000:00:10.0-scsi-0:0:0:0")).isTrue();
    assertThat(DeviceNames.isByPath("/dev/disk/by-id/ata-x")).isFalse();
    assertThat(DeviceNames.isByPath("/dev/sda1")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dev/disk/by-dname/sda-part1",
        "/dev/disk/azure/root-part1",
        "/dev/disk/azure/scsi1/lun0-part1",
        "/dev/disk/cloud/azure_resource-part1",
        "/dev/disk/by-vdev/a1",
        "/dev/block/8:2"
      })
  void linksOfACloudOrAnInstallerChange(String name) {
    assertThat(DeviceNames.isUnstable(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dev/disk/by-uuid/0f0f",
        "/dev/disk/by-label/data",
        "/dev/disk/by-partuuid/0f0f-01",
        "/dev/disk/by-partlabel/root",
        "/dev/disk/by-designator/root",
        "/dev/disk/by-id/dm-name-vg-root"
      })
  void linksByContentDoNot(String name) {
    assertThat(DeviceNames.isUnstable(name)).isFalse();
  }
}
