package io.hyper2kvm.guest.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BusNamesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dev/sda1 / ext4 defaults 0 1",
        "  /dev/sdab12 none swap sw 0 0",
        "/dev/hda2 /home ext3 defaults",
        "UUID=1 /x btrfs device=/dev/sdb1,subvol=a 0 0",
        "\t/dev/sdc /data xfs nofail",
      })
  void aRowThatNamesADiskByItsBusIsFound(String row) {
    assertThat(BusNames.inTables(Map.of("/etc/fstab", "UUID=1 / ext4\n" + row + "\n")))
        .hasValueSatisfying(found -> assertThat(found).endsWith(" in /etc/fstab:2"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# /dev/sda1 / ext4",
        "/dev/vda1 / ext4",
        "/dev/xvda1 / ext4",
        "/dev/sda1 /media/usb vfat noauto,user 0 0",
        "/dev/hda /media/cdrom iso9660 ro,user",
        "/dev/disk/by-id/x-/dev/sda1x / ext4",
        "/dev/mapper/sda1 / ext4",
        "/dev/sdabc / ext4",
        "LABEL=/dev/sr0 / ext4",
        "",
      })
  void otherRowsAreNot(String row) {
    assertThat(BusNames.inTables(Map.of("/etc/fstab", row))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/boot/grub/grub.cfg| linux /vmlinuz root=/dev/sda1 ro",
        "/boot/grub2/grub.cfg| linux /vmlinuz ro resume=/dev/sdb5",
        "/boot/grub/menu.lst|kernel /vmlinuz root=/dev/hda1",
        "/boot/loader/entries/a.conf|options root=\"/dev/sda2\" quiet",
        "/boot/extlinux/extlinux.conf|append root=/dev/sda3",
        "/etc/kernel/cmdline|root=/dev/sda1",
      })
  void aKernelArgumentThatNamesADiskByItsBusIsFound(String fileAndLine) {
    String[] parts = fileAndLine.split("\\|");

    assertThat(BusNames.inArguments(Map.of(parts[0], parts[1]))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/boot/grub/grub.cfg| linux /vmlinuz root=UUID=1 ro",
        "/boot/grub/grub.cfg|set root='hd0,msdos1'",
        "/boot/grub/grub.cfg|# linux /vmlinuz root=/dev/sda1",
        "/boot/grub/device.map|(hd0) /dev/sda",
        "/boot/grub/grub.cfg| linux /vmlinuz root=/dev/mapper/vg-root",
        "/boot/grub/grub.cfg| linux /vmlinuz root=/dev/vda1",
        "/etc/default/grub|GRUB_CMDLINE_LINUX=root=/dev/sda1",
      })
  void otherLinesAreNot(String fileAndLine) {
    String[] parts = fileAndLine.split("\\|");

    assertThat(BusNames.inArguments(Map.of(parts[0], parts[1]))).isEmpty();
  }
}
