package io.hyper2kvm.guest.btrfs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RootFlagsTest {

  @ParameterizedTest
  @CsvSource({
    "'linux /@/boot/vmlinuz root=UUID=a ro rootflags=subvol=@ quiet', 'UUID=a', 'subvol=@'",
    "'options root=UUID=a rootflags=subvol=root rhgb', 'UUID=a', 'subvol=root'",
    "'kernelopts=root=UUID=a rootflags=subvol=root', '', 'subvol=root'",
    "'APPEND rootflags=compress=zstd,subvolid=256 root=/dev/sda2', '/dev/sda2',"
        + " 'compress=zstd,subvolid=256'",
    "'\"Boot\" \"rw root=PARTUUID=b rootflags=subvol=/@arch\"', 'PARTUUID=b', 'subvol=/@arch'",
    "'root=a rootflags=subvol=x rootflags=subvol=y', 'a', 'subvol=y'"
  })
  void aCommandLineNamesTheSubvolume(String line, String root, String options) {
    assertThat(RootFlags.in("set timeout=5\n" + line + "\n"))
        .containsExactly(new RootFlags(root, options));
  }

  @ParameterizedTest
  @CsvSource({
    "'linux /vmlinuz root=UUID=a rootflags=compress=zstd'",
    "'# linux /vmlinuz root=UUID=a rootflags=subvol=@'",
    "'linux /vmlinuz root=UUID=a myrootflags=subvol=@'",
    "'linux /vmlinuz root=UUID=a'",
    "'rootflags='"
  })
  void aLineThatNamesNoneIsLeftOut(String line) {
    assertThat(RootFlags.in(line)).isEmpty();
  }

  @Test
  void equalLinesCountOnce() {
    String line = "linux /vmlinuz root=UUID=a rootflags=subvol=@\n";

    assertThat(RootFlags.in(line.repeat(1000))).hasSize(1);
  }

  @Test
  void aHostileFileIsBounded() {
    StringBuilder text = new StringBuilder("root=".repeat(100_000)).append('\n');
    for (int i = 0; i < 10_000; i++) {
      text.append("rootflags=subvol=").append(i).append('\n');
    }

    assertThat(RootFlags.in(text.toString())).hasSizeLessThan(100);
  }
}
