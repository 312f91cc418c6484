package io.hyper2kvm.guest.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelLogTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "EXT4-fs error (device sda1): ext4_lookup:1855: inode #2: comm ls: deleted inode | sda1",
        "EXT4-fs error (device dm-0) in ext4_orphan_add:188: Corrupt filesystem | dm-0",
        "EXT4-fs (sda1): Remounting filesystem read-only | sda1",
        "XFS (sdb2): Metadata corruption detected at xfs_agf_read_verify+0x7a/0xf0 [xfs] | sdb2",
        "XFS (dm-3): Metadata CRC error detected at xfs_agi_read_verify | dm-3",
        "XFS (sda3): Corruption detected. Unmount and run xfs_repair | sda3",
        "BTRFS error (device sda2): parent transid verify failed on logical 30441472 | sda2",
        "BTRFS warning (device sdc): checksum verify failed on logical 22 mirror 1 | sdc",
        "BTRFS critical (device sda2): corrupt leaf: root=5 block=1 slot=0 | sda2"
      })
  void damageIsFound(String text, String device) {
    KernelLog log = KernelLog.of("[   17.279496] " + text + "\n");

    assertThat(log.errors()).containsExactly(text);
    assertThat(KernelLog.device(text)).isEqualTo(device);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EXT4-fs (sda1): mounted filesystem with ordered data mode. Quota mode: none.",
        "EXT4-fs (sda1): recovery complete",
        "EXT4-fs (sda1): warning: mounting fs with errors, running e2fsck is recommended",
        "EXT4-fs (sda1): error count since last fsck: 3",
        "XFS (sda1): Ending clean mount",
        "BTRFS info (device sda1): using crc32c (crc32c-intel) checksum algorithm",
        "BTRFS: device fsid 8d187033-72c1-4fd2-a092-8eb017da30b1 devid 1 /dev/sdc scanned by x",
        "Kernel command line: EXT4-fs error (device sda1)",
        "sd 0:0:0:0: [sda] Attached SCSI disk"
      })
  void whatIsUsualIsNoDamage(String text) {
    assertThat(KernelLog.of("[    1.0] " + text).errors()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "EXT4-fs (sda1): recovery complete | sda1",
        "XFS (dm-0): Ending recovery (logdev: internal) | dm-0",
        "BTRFS info (device sda2): start tree-log replay | sda2",
        "EXT3-fs (md127): recovery complete | md127"
      })
  void aReplayedJournalIsFound(String text, String device) {
    assertThat(KernelLog.of("[    2.909800] " + text).replayed()).containsExactly(device);
  }

  @Test
  void eachLineCountsOnceAndTwentyAtMost() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      text.append("[ 1.0] EXT4-fs error (device sda1): x ").append(i / 2).append('\n');
    }

    assertThat(KernelLog.of(text.toString()).errors()).hasSize(20).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(strings = {"BTRFS warning (device sda1) ", "XFS (", "EXT4-fs (", "JBD2: "})
  void aHostileLineIsReadInBoundedTime(String beginning) {
    String line = "[ 1.0] " + beginning + "a(b".repeat(200_000);

    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(10), () -> assertThat(KernelLog.of(line).errors()).isEmpty());
  }
}
