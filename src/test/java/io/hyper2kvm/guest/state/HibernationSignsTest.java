package io.hyper2kvm.guest.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.fstab.Fstab;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HibernationSignsTest {

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "S1SUSPEND\0",
        "S2SUSPEND\0",
        "ULSUSPEND\0",
        "LINHIB0001",
        "\u00ed\u00c3\u0002\u00e9\u0098\u0056\u00e5\u000c\0\0"
      })
  void aSavedMemoryHasASignature(String signature) {
    assertThat(SwapSignature.hibernation(bytes(signature))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"SWAPSPACE2", "SWAP-SPACE", "", "S1SUSPEN", "\0\0\0\0\0\0\0\0\0\0", "xS1SUSPEND"})
  void swapInUseHasNone(String signature) {
    assertThat(SwapSignature.hibernation(bytes(signature))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "hibr, true",
    "HIBR, true",
    "hibrxx, true",
    "wake, false",
    "RSTR, false",
    "'', false"
  })
  void aFileOfWindowsTells(String beginning, boolean saved) {
    assertThat(HibernationFile.holdsMemory(bytes(beginning))).isEqualTo(saved);
  }

  @Test
  void swapFilesAreThoseOfFstabAndOfUsualNames() {
    assertThat(
            SwapFiles.of(
                Fstab.rows(
                    """
                    /var/swap.1 none swap sw 0 0
                    /dev/sda5 none swap sw 0 0
                    UUID=1 none swap sw 0 0
                    /srv/x /mnt none bind 0 0
                    /with\\040space swap swap defaults 0 0
                    """)))
        .containsExactly("/swapfile", "/swap.img", "/swap/swapfile", "/var/swap.1", "/with space");
  }

  @ParameterizedTest
  @CsvSource({
    "'linux /vmlinuz root=/dev/sda1 resume=UUID=1 resume_offset=34816 quiet', UUID=1, 34816",
    "'GRUB_CMDLINE_LINUX_DEFAULT=\"resume=/dev/sda2 resume_offset=7\"', /dev/sda2, 7",
    "'options resume_offset=1 resume=/dev/mapper/vg-root', /dev/mapper/vg-root, 1",
    "'resume=\"UUID=2\" resume_offset=3', UUID=2, 3"
  })
  void aCommandLineNamesAPlace(String line, String device, long offset) {
    assertThat(SwapFiles.resumes(List.of("x\n" + line + "\n" + line)))
        .containsExactly(new SwapFiles.Resume(device, offset));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "resume=/dev/sda2",
        "resume_offset=12",
        "resume_offset=99999999999999999999 resume=/dev/sda1",
        "resume_offset=x resume=/dev/sda1",
        "noresume"
      })
  void aLineWithoutBothNamesNone(String line) {
    assertThat(SwapFiles.resumes(List.of(line))).isEmpty();
  }
}
