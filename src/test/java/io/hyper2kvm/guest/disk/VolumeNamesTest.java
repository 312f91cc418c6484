package io.hyper2kvm.guest.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VolumeNamesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"/dev/sda1", "/dev/md/0", "/dev/mapper/vg-root", "/dev/disk/x", "/dev/a/b/c", ""})
  void whatIsNoLogicalVolumeHasNoFurtherNames(String device) {
    assertThat(VolumeNames.ofLogicalVolume(device, "", "")).isEmpty();
  }

  @Test
  void hyphensAreDoubledInTheDeviceMappersName() {
    assertThat(VolumeNames.ofLogicalVolume("/dev/vg-a/boot-x", "", ""))
        .containsExactlyInAnyOrder(
            "/dev/mapper/vg--a-boot--x", "/dev/disk/by-id/dm-name-vg--a-boot--x");
  }

  @ParameterizedTest
  @CsvSource({
    "AbCdEf-0123-4567-89ab-cdef-0123-456789, GhIjKl-0123-4567-89ab-cdef-0123-456789,"
        + " AbCdEf0123456789abcdef0123456789GhIjKl0123456789abcdef0123456789",
    "AbCdEf0123456789abcdef0123456789, GhIjKl0123456789abcdef0123456789,"
        + " AbCdEf0123456789abcdef0123456789GhIjKl0123456789abcdef0123456789"
  })
  void udevLinksAVolumeByLvmsIdentifiersWithoutHyphens(String group, String volume, String link) {
    assertThat(VolumeNames.ofLogicalVolume("/dev/vg/usr", group, volume))
        .contains("/dev/disk/by-id/dm-uuid-LVM-" + link);
  }

  @ParameterizedTest
  @CsvSource({"'', ''", "short, short", "AbCdEf0123456789abcdef0123456789, ''"})
  void withoutBothIdentifiersThereIsNoSuchLink(String group, String volume) {
    assertThat(VolumeNames.ofLogicalVolume("/dev/vg/usr", group, volume))
        .containsExactlyInAnyOrder("/dev/mapper/vg-usr", "/dev/disk/by-id/dm-name-vg-usr");
  }

  @Test
  void partitionsOfAnArrayHaveItsNames() {
    assertThat(
            VolumeNames.ofArrayPartition(
                Set.of("/dev/md0", "/dev/md/boot", "/dev/disk/by-id/md-name-db02:0"), 2))
        .containsExactlyInAnyOrder(
            "/dev/md0p2", "/dev/md/boot2", "/dev/disk/by-id/md-name-db02:0-part2");
  }

  @Test
  void namesInMdadmConfTakeTheArraysPlaceOfThoseInItsSuperblock() {
    String one = "1e627f5f:18f56963:a3eeaa1e:60c65f3d";
    String two = "2e627f5f:18f56963:a3eeaa1e:60c65f3d";
    GuestDisks disks =
        new GuestDisks(List.of(array("/dev/md126", "db02:0", one), array("/dev/md127", "", two)), 2)
            .withArrayNames(Map.of(one, "/dev/md5", two, "/dev/md0"));

    assertThat(disks.resolve("/dev/md5")).map(GuestPartition::device).contains("/dev/md126");
    assertThat(disks.resolve("/dev/md0")).map(GuestPartition::device).contains("/dev/md127");
  }

  private static GuestPartition array(String device, String name, String uuid) {
    return new GuestPartition(
        device, -1, 0, "fs-" + device, "", "", "ext4", VolumeNames.ofArray(name, uuid));
  }

  @Test
  void anArrayWithANumberIsKnownByIt() {
    assertThat(VolumeNames.ofArray("db02:0", "1e627f5f:18f56963:a3eeaa1e:60c65f3d"))
        .containsExactlyInAnyOrder(
            "/dev/md0",
            "/dev/md_d0",
            "/dev/md/d0",
            "/dev/md/0",
            "/dev/md/db02:0",
            "/dev/disk/by-id/md-name-db02:0",
            "/dev/disk/by-id/md-uuid-1e627f5f:18f56963:a3eeaa1e:60c65f3d");
  }

  @Test
  void anArrayWithAWordHasNoNumber() {
    assertThat(VolumeNames.ofArray("boot", ""))
        .containsExactlyInAnyOrder("/dev/md/boot", "/dev/disk/by-id/md-name-boot");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "x y", "../sda1", "a:b:c"})
  void namesThatUdevWouldNotWriteAreNone(String name) {
    assertThat(VolumeNames.ofArray(name, "no uuid")).isEmpty();
  }
}
