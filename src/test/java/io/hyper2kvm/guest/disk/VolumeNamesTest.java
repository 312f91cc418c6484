package io.hyper2kvm.guest.disk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VolumeNamesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"/dev/sda1", "/dev/md/0", "/dev/mapper/vg-root", "/dev/disk/x", "/dev/a/b/c", ""})
  void whatIsNoLogicalVolumeHasNoFurtherNames(String device) {
    assertThat(VolumeNames.ofLogicalVolume(device)).isEmpty();
  }

  @Test
  void hyphensAreDoubledInTheDeviceMappersName() {
    assertThat(VolumeNames.ofLogicalVolume("/dev/vg-a/boot-x"))
        .containsExactlyInAnyOrder(
            "/dev/mapper/vg--a-boot--x", "/dev/disk/by-id/dm-name-vg--a-boot--x");
  }

  @Test
  void anArrayWithANumberIsKnownByIt() {
    assertThat(VolumeNames.ofArray("db02:0", "1e627f5f:18f56963:a3eeaa1e:60c65f3d"))
        .containsExactlyInAnyOrder(
            "/dev/md0",
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
