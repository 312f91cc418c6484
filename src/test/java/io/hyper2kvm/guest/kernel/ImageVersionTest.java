package io.hyper2kvm.guest.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageVersionTest {

  /** The head of a bzImage whose setup header points to a text. */
  public static byte[] bzImage(int pointer, String text) {
    byte[] head = new byte[ImageVersion.HEAD_BYTES];
    System.arraycopy("HdrS".getBytes(StandardCharsets.US_ASCII), 0, head, 0x202, 4);
    head[0x20e] = (byte) pointer;
    head[0x20f] = (byte) (pointer >> 8);
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(
        bytes, 0, head, 0x200 + pointer, Math.min(bytes.length, head.length - 0x200 - pointer));
    return head;
  }

  @ParameterizedTest
  @CsvSource({
    "6.1.0-18-amd64 (debian-kernel@lists.debian.org) #1 SMP, 6.1.0-18-amd64",
    "5.15.129-0-lts (buildozer@build) #1-Alpine SMP, 5.15.129-0-lts",
    "6.6.10-arch1-1 (linux@archlinux) #1 SMP, 6.6.10-arch1-1",
    "6.1.10-10.ph5-esx (root@photon) #1-photon, 6.1.10-10.ph5-esx",
    "5.15.19, 5.15.19",
  })
  void anImageStatesItsVersion(String text, String version) {
    assertThat(ImageVersion.of(bzImage(0x3a80, text))).hasValue(version);
  }

  @ParameterizedTest
  @CsvSource({"../../etc #1", "' '", "$(reboot)", "a/b", "-x"})
  void whatIsNoVersionIsNone(String text) {
    assertThat(ImageVersion.of(bzImage(0x1000, text))).isEmpty();
  }

  @Test
  void otherImagesStateNone() {
    byte[] image = bzImage(0x1000, "6.1.0");

    assertThat(ImageVersion.of(new byte[0])).isEmpty();
    assertThat(ImageVersion.of("MZ\0\0zimg".getBytes(StandardCharsets.US_ASCII))).isEmpty();
    assertThat(ImageVersion.of(Arrays.copyOf(image, 0x20f))).isEmpty();
    assertThat(ImageVersion.of(Arrays.copyOf(image, 0x1203))).isEmpty();
    assertThat(ImageVersion.of(bzImage(0, "6.1.0"))).isEmpty();
    assertThat(ImageVersion.of(bzImage(0x1000, "6".repeat(200) + " x"))).isEmpty();
    byte[] outside = bzImage(0x1000, "6.1.0");
    outside[0x20f] = (byte) 0xff;
    assertThat(ImageVersion.of(outside)).isEmpty();
  }
}
