package io.hyper2kvm.guest.fstab;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.disk.VolumeNames;
import io.hyper2kvm.guest.edit.Edited;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MdadmConfTest {

  private static final String FILE = "/etc/mdadm.conf";
  private static final String UUID = "1e627f5f:18f56963:a3eeaa1e:60c65f3d";
  private static final GuestDisks DISKS = disks("/dev/md127");

  private static GuestDisks disks(String... arrays) {
    return new GuestDisks(
        List.of(arrays).stream()
            .map(
                device ->
                    new GuestPartition(
                        device,
                        -1,
                        0,
                        "fs-" + device,
                        "",
                        "",
                        "ext4",
                        VolumeNames.ofArray("db:" + device.substring(8), UUID)))
            .toList(),
        2);
  }

  private static Edited edited(String text) {
    return MdadmConf.stabilize(FILE, text, DISKS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DEVICE /dev/sda1 /dev/sdb1",
        "DEVICE /dev/sd*",
        "DEVICE /dev/sd[ab]1",
        "dev /dev/hda1 /dev/hdc1",
        "DEVICE /dev/cciss/c0d0p1",
        "DEVICE /dev/disk/by-id/scsi-3*",
        "DEVICE /dev/sda1\nDEVICE /dev/sdb1",
        "DEVICE /dev/sda1\n  /dev/sdb1"
      })
  void aListOfOldNamesIsOpenedForAllPartitions(String text) {
    assertThat(edited(text + "\nMAILADDR root\n").text())
        .isEqualTo(text + " partitions containers\nMAILADDR root\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DEVICE partitions",
        "DEVICE partitions /dev/sda1",
        "DEVICE /dev/*",
        "DEVICE /dev/vd* /dev/sd*",
        "#DEVICE /dev/sda1",
        "ARRAY /dev/md0 UUID=1e627f5f:18f56963:a3eeaa1e:60c65f3d",
        "CREATE owner=root",
        ""
      })
  void whatFindsTheArraysStays(String text) {
    assertThat(edited(text).changed()).isFalse();
    assertThat(edited(text).warnings()).isEmpty();
  }

  @Test
  void partsThatAreListedByNameGiveWayToTheIdentifier() {
    assertThat(edited("ARRAY /dev/md0 devices=/dev/sda1,/dev/sdb1").text())
        .isEqualTo("ARRAY /dev/md0 UUID=" + UUID);
    assertThat(edited("ARRAY /dev/md0 UUID=" + UUID + " devices=/dev/sda1,/dev/sdb1").text())
        .isEqualTo("ARRAY /dev/md0 UUID=" + UUID + " devices=*");
  }

  @Test
  void ofSeveralArraysNoneIsGuessed() {
    GuestDisks two = disks("/dev/md126", "/dev/md127");
    Edited edited = MdadmConf.stabilize(FILE, "ARRAY /dev/md9 devices=/dev/sda1", two);

    assertThat(edited.changed()).isFalse();
    assertThat(edited.warnings()).singleElement().asString().startsWith(FILE + ":1: devices=");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "ARRAY /dev/md5 metadata=1.2 UUID=1e627f5f:18f56963:a3eeaa1e:60c65f3d name=x:0; /dev/md5",
        "array data uuid=1e627f5f18f56963a3eeaa1e60c65f3d; /dev/md/data",
        "ARRAY /dev/md/boot level=raid1\\n   UUID=1E627F5F:18F56963:A3EEAA1E:60C65F3D; /dev/md/boot"
      })
  void theNamesOfArraysAreReadByTheirIdentifiers(String text, String name) {
    assertThat(MdadmConf.names(text.replace("\\n", "\n"))).isEqualTo(Map.of(UUID, name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ARRAY <ignore> UUID=1", "ARRAY", "ARRAY /dev/sda UUID=" + UUID, "x"})
  void otherLinesNameNone(String text) {
    assertThat(MdadmConf.names(text)).isEmpty();
  }
}
