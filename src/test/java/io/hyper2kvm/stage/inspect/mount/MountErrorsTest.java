package io.hyper2kvm.stage.inspect.mount;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MountErrorsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "XFS (sda2): Superblock has unknown incompatible features (0x20) enabled.",
        "EXT4-fs (sda1): couldn't mount RDWR because of unsupported optional features (1000)",
        "BTRFS error (device sda2): open_ctree failed",
        "F2FS-fs (sdb1): Can't find valid F2FS filesystem in 1th superblock, invalid",
        "BTRFS warning (device sda5): devid 2 uuid x is missing"
      })
  void aComplaintOfAFileSystemIsFound(String complaint) {
    assertThat(MountErrors.in("[    4.1] sd 2:0: [sda] x\n[   12.345678] " + complaint + "\n"))
        .isEqualTo(complaint);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EXT4-fs (sda1): mounted filesystem with ordered data mode",
        "md/raid1:md0: active with 1 out of 2 mirrors",
        "systemd: EXT4 error",
        ""
      })
  void otherLinesAreNot(String line) {
    assertThat(MountErrors.in("[    1.0] " + line + "\n")).isEmpty();
  }

  @Test
  void aLogOfManyComplaintsIsBounded() {
    StringBuilder log = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      log.append("XFS (sda").append(i).append("): error ").append("x".repeat(500)).append('\n');
    }

    assertThat(MountErrors.in(log.toString()).length()).isLessThan(400);
  }
}
