package io.hyper2kvm.guest.disk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiskNameTest {

  @ParameterizedTest
  @CsvSource({
    "/dev/sda, sd, /dev/sda, 0",
    "/dev/sdaa12, sd, /dev/sdaa, 12",
    "/dev/xvde2, xvd, /dev/xvde, 2",
    "/dev/hdc1, hd, /dev/hdc, 1",
    "/dev/nvme0n1p3, nvme, /dev/nvme0n1, 3",
    "/dev/nvme1n1, nvme, /dev/nvme1n1, 0",
    "/dev/mmcblk0p2, mmcblk, /dev/mmcblk0, 2",
    "/dev/cciss/c0d0p1, cciss, /dev/cciss/c0d0, 1",
    "/dev/rd/c1d2, rd, /dev/rd/c1d2, 0",
    "/dev/i2o/hda3, i2o/hd, /dev/i2o/hda, 3",
    "/dev/disk/by-id/wwn-0x6000c29000000abc-part2, by-id, /dev/disk/by-id/wwn-0x6000c29000000abc, 2",
    "ID=scsi-36000c29000-part1, by-id, /dev/disk/by-id/scsi-36000c29000, 1",
    "/dev/disk/by-path/pci-0000:00:10.0-scsi-0:0:1:0-part5,"
        + " by-path pci-0000:00:10.0, /dev/disk/by-path/pci-0000:00:10.0-scsi-0:0:1:0, 5",
    "/dev/mapper/mpatha, multipath, /dev/mapper/mpatha, 0",
    "/dev/mapper/mpatha2, multipath, /dev/mapper/mpatha, 2",
    "/dev/mapper/mpathap2, multipath, /dev/mapper/mpatha, 2",
    "/dev/mapper/mpathbc-part10, multipath, /dev/mapper/mpathbc, 10",
    "/dev/mapper/36000c2977ccb18d0cf0da3dd36fb5f7ep1, multipath,"
        + " /dev/mapper/36000c2977ccb18d0cf0da3dd36fb5f7e, 1",
    "/dev/disk/by-id/dm-name-mpatha1, multipath, /dev/mapper/mpatha, 1",
    "/dev/disk/by-id/dm-uuid-part3-mpath-36000c2977ccb18d0cf0da3dd36fb5f7e, multipath,"
        + " /dev/mapper/36000c2977ccb18d0cf0da3dd36fb5f7e, 3"
  })
  void nameOfADiskIsTakenApart(String name, String family, String disk, int partition) {
    assertThat(DiskName.of(name)).contains(new DiskName(family, disk, partition));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dev/mapper/vg-root",
        "/dev/mapper/mpath-vg-root",
        "/dev/mapper/vg-mpatha",
        "/dev/disk/by-id/dm-name-vg-root",
        "/dev/disk/by-id/dm-uuid-LVM-abc",
        "/dev/disk/by-id/dm-uuid-CRYPT-LUKS2-0123-cryptroot",
        "/dev/disk/by-id/lvm-pv-uuid-abc",
        "/dev/disk/by-id/md-uuid-1:2:3:4",
        "/dev/nvme0",
        "/dev/cciss/c0",
        "/dev/dm-0",
        "/dev/md0",
        "sda1",
        ""
      })
  void volumesAndWhatIsNoDiskAreNone(String name) {
    assertThat(DiskName.of(name)).isEmpty();
  }
}
