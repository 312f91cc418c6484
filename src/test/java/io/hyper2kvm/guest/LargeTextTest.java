package io.hyper2kvm.guest;

import static io.hyper2kvm.guest.SampleGuests.THREE_DISKS;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.hyper2kvm.guest.boot.DeviceMap;
import io.hyper2kvm.guest.boot.GrubConfig;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A quarter of a megabyte of whatever could make an edit slow. Callers read at most a megabyte;
 * what is quadratic misses the limit at this size already.
 */
class LargeTextTest {

  /** Far above what it takes on a busy machine, far below what a quadratic scan needs. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n",
        "a ",
        "a=",
        "\"",
        "'\n",
        "\\\"",
        "A=\"\\\"\n",
        "root= ",
        "root=/dev/sda1 ",
        "root=/dev/sdz1 ",
        "resume=/dev/sdz1\n",
        "/dev/sda1 / \n",
        "/dev/sdz1 /x xfs\n",
        "a /dev/sdz1 none luks\n",
        "linux /v root=/dev/sda1\n",
        "linux /v root=$x\nset x=/dev/sda1\n",
        "linux -- -- ",
        "initrd --\n",
        "menuentry '",
        "menuentry \"x\n",
        "GRUB_CMDLINE_LINUX=\"\n",
        "GRUB_CMDLINE_LINUX=root=/dev/sda1\n",
        "options root=/dev/sdz1\n",
        "#"
      })
  void isEditedInTime(String piece) {
    String text = piece.repeat((1 << 18) / piece.length());
    TextPropertiesTest.EDITS.forEach(
        (name, edit) -> assertTimeout(LIMIT, () -> edit.apply(text, THREE_DISKS), () -> name));
    assertTimeout(
        LIMIT,
        () -> {
          GrubConfig.entries(text);
          GrubConfig.unresolvedRoots(text, THREE_DISKS);
          DeviceMap.removal("/boot/grub/device.map", text);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"linux ", "linux --", "GRUB_CMDLINE_LINUX=\"", "options ", "kernelopts="})
  void oneEndlessLineIsEditedInTime(String start) {
    String text = start + "-- a root=/dev/sda1 b= ".repeat(12_000);
    TextPropertiesTest.EDITS.forEach(
        (name, edit) -> assertTimeout(LIMIT, () -> edit.apply(text, THREE_DISKS), () -> name));
    assertTimeout(LIMIT, () -> GrubConfig.entries(text));
  }
}
