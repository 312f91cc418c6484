package io.hyper2kvm.guest.fstab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiskMentionTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/etc/smartd.conf|/dev/sda -a -o on|/dev/sda",
        "/etc/systemd/system/db.service|BindsTo=dev-nvme0n1p1.device|dev-nvme0n1p1.device",
        "/etc/systemd/system/db.service|After=dev-mapper-mpatha1.device|dev-mapper-mpatha1.device",
        "/etc/udev/rules.d/99-asm.rules|ENV{ID_VENDOR}==\"VMware\", SYMLINK+=\"x\"|ENV{ID_VENDOR}==\"VMware\"",
        "/etc/udev/rules.d/99-asm.rules|ATTRS{vendor}==\"VMware  \", SYMLINK+=\"x\"|ATTRS{vendor}==\"VMware  \"",
        "/etc/udev/rules.d/99-asm.rules|ATTRS{model}==\"Virtual disk    \", SYMLINK+=\"x\"|ATTRS{model}==\"Virtual disk    \"",
        "/etc/udev/rules.d/99-asm.rules|ENV{ID_MODEL}==\"Virtual_disk\", SYMLINK+=\"x\"|ENV{ID_MODEL}==\"Virtual_disk\"",
        "/etc/udev/rules.d/99-hv.rules|ATTRS{vendor}==\"Msft    \", RUN+=\"x\"|ATTRS{vendor}==\"Msft    \"",
        "/etc/udev/rules.d/99-bus.rules|DEVPATH==\"*/0000:03:00.0/host*/block/*\", SYMLINK+=\"x\"|DEVPATH==\"*/0000:03:00.0/host*/block/*\"",
        "/etc/sysconfig/rawdevices|/dev/raw/raw1 /dev/sdb1|/dev/sdb1",
        "/etc/zipl.conf|parameters = \"root=/dev/sda1\"|/dev/sda1",
        "/etc/default/grub-installer|GRUB_DEVICE=/dev/disk/by-id/ata-VMware_Virtual_1|/dev/disk/by-id/ata-VMware_Virtual_1",
        "/etc/multipath/wwids|/36000c2977ccb18d0cf0da3dd36fb5f7e/|36000c2977ccb18d0cf0da3dd36fb5f7e",
        "/etc/multipath/bindings|mpatha 36000c2977ccb18d0cf0da3dd36fb5f7e|36000c2977ccb18d0cf0da3dd36fb5f7e",
        "/etc/multipath.conf|wwid \"360022480a1b2c3d4e5f60718293a4b5c\"|360022480a1b2c3d4e5f60718293a4b5c",
        "/etc/hdparm.conf|/dev/hda {|/dev/hda",
        "/etc/cron.d/backup|0 3 * * * root dd if=/dev/xvdb of=/x|/dev/xvdb",
        "/etc/udev/rules.d/60-raw.rules|KERNEL==\"sdb\", RUN+=\"x\"|KERNEL==\"sdb\"",
        "/etc/udev/rules.d/99-asm.rules|ENV{ID_SERIAL}==\"36000c29\", OWNER=\"oracle\"|ENV{ID_SERIAL}==\"36000c29\"",
        "/etc/app/db.conf|device=/dev/disk/by-path/pci-0000:00:10.0-scsi-0:0:1:0|/dev/disk/by-path/pci-0000:00:10.0-scsi-0:0:1:0",
        "/etc/app/x|id: wwn-0x6000c29000000000000000000000abcd|wwn-0x6000c29000000000000000000000abcd",
        "/etc/systemd/system/db.service|After=dev-sdb1.device|dev-sdb1.device",
        "/etc/systemd/system/db.service|BindsTo=dev-xvdb1.device|dev-xvdb1.device",
        "/etc/sysconfig/rawdevices|/dev/raw/raw1 8 17|/dev/raw/raw1 8 17",
        "/etc/udev/rules.d/99-asm.rules|KERNELS==\"2:0:1:0\", SYMLINK+=\"ora\"|KERNELS==\"2:0:1:0\"",
        "/etc/udev/rules.d/60-raw.rules|ENV{MAJOR}==\"8\", RUN+=\"x\"|ENV{MAJOR}==\"8\""
      })
  void aLineThatNamesADiskAsTheOldHypervisorDidIsFound(String file, String line, String name) {
    assertThat(DiskMention.isSearched(file)).isTrue();
    assertThat(DiskMention.in(file, "# first\n\n" + line + "\n"))
        .singleElement()
        .satisfies(
            mention -> {
              assertThat(mention.line()).isEqualTo(3);
              assertThat(mention.name()).isEqualTo(name);
              assertThat(mention.warning()).startsWith(file + ":3: ");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# /dev/sda1",
        "; /dev/sda1",
        "/dev/vda1",
        "/dev/sr0",
        "/dev/sdata/root",
        "/dev/mapper/vg-root",
        "/dev/disk/by-id/dm-name-vg-root",
        "/dev/disk/by-id/lvm-pv-uuid-abc",
        "/dev/disk/by-uuid/6000-C29A",
        "00:0c:29:6a:bc:de",
        "DEVPATH==\"/devices/virtual/block/*\", GOTO=\"end\"",
        "ENV{ID_VENDOR}==\"QEMU\", RUN+=\"x\"",
        "SUBSYSTEM==\"net\", ENV{ID_PATH}==\"pci-0000:0b:00.0\", NAME=\"lan0\"",
        "bin\0ary /dev/sda1"
      })
  void otherLinesAreNot(String line) {
    assertThat(DiskMention.in("/etc/x.conf", line)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/fstab",
        "/etc/fstab.bak",
        "/etc/fstab.dpkg-old",
        "/etc/lvm/lvm.conf",
        "/etc/lvm/backup/vg0",
        "/etc/mdadm/mdadm.conf",
        "/etc/systemd/system/srv.mount",
        "/etc/default/grub",
        "/etc/ssl/certs/x.pem",
        "/boot/x"
      })
  void filesThatFixesDecideAboutAndOldCopiesAreNotSearched(String file) {
    assertThat(DiskMention.isSearched(file)).isFalse();
  }

  @Test
  void ofALongListTheFirstLinesAreEnough() {
    assertThat(DiskMention.in("/etc/x", "/dev/sda1\n".repeat(1000))).hasSize(5);
  }
}
