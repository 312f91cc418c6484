package io.hyper2kvm.guest.btrfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountedSubvolumesTest {

  private final MountedSubvolumes mounted =
      new MountedSubvolumes(
          Map.of("/", "@", "/boot", "@boot", "/home", "", "/usr/local", "@/usr/local"));

  @ParameterizedTest
  @CsvSource({
    "/@/boot/vmlinuz, /boot/vmlinuz",
    "/@boot/vmlinuz, /boot/vmlinuz",
    "/@/usr/local/x, /usr/local/x",
    "/boot/vmlinuz, ''",
    "/@, ''",
    "/@other/vmlinuz, ''"
  })
  void aPathFromTheTopLevelIsTheGuestsOwn(String path, String own) {
    assertThat(mounted.places(path).stream().distinct().toList())
        .isEqualTo(own.isEmpty() ? List.of() : List.of(own));
  }
}
