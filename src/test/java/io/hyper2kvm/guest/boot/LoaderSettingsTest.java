package io.hyper2kvm.guest.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.boot.menu.DefaultKernel;
import io.hyper2kvm.guest.boot.menu.DefaultKernel.Way;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The loaders whose default is not set: the refusal names file, line and what to do. */
class LoaderSettingsTest {

  @ParameterizedTest
  @CsvSource({
    "/etc/lilo.conf, 'boot=/dev/sda;default=x;image=/v', '/etc/lilo.conf:2: default=x', run lilo",
    "/etc/lilo.conf, 'image=/v;image=/w', '/etc/lilo.conf:1: image=/v, the first,', run lilo",
    "/boot/efi/EFI/refind/refind.conf, 'timeout 5;default_selection vmlinuz', '/boot/efi/EFI/refind/refind.conf:2: rEFInd chooses by default_selection vmlinuz', write a part",
    "/boot/efi/EFI/refind/refind.conf, 'default_selection a;default_selection \"+,b\"', '/boot/efi/EFI/refind/refind.conf:2: rEFInd chooses by default_selection +,b', write a part",
    "/boot/efi/EFI/refind/refind.conf, '#default_selection a', '/boot/efi/EFI/refind/refind.conf: rEFInd starts what it started last', add default_selection",
    "/boot/refind_linux.conf, '\"a\" \"root=1\"', '/boot/refind_linux.conf: rEFInd starts what it started last', add default_selection",
    "/boot/efi/EFI/SuSE/elilo.conf, 'image=/v', '/boot/efi/EFI/SuSE/elilo.conf: the default of ELILO', write default=",
  })
  void aDefaultIsRefusedWithItsLine(String file, String text, String begin, String what) {
    DefaultKernel.Choice choice =
        DefaultKernel.of(Map.of(file, text.replace(";", "\n")), Map.of(), "/boot/vmlinuz-6.1.0");

    assertThat(choice.way()).isEqualTo(Way.REFUSED);
    assertThat(choice.detail()).startsWith(begin).contains(what);
  }

  @Test
  void withoutALoaderNothingIsSaidOfOne() {
    assertThat(LoaderSettings.refusal(Map.of("/etc/fstab", "x"))).isEmpty();
    assertThat(LoaderSettings.liloStart(Map.of("/etc/fstab", "x"))).isEmpty();
  }

  @Test
  void withoutAnInitramfsLilosMapHoldsNone() {
    Map<String, String> texts = Map.of("/etc/lilo.conf", "image=/v\n#initrd=/i\n");

    assertThat(LoaderSettings.fixedInitramfs(texts, "/boot/initrd")).isEmpty();
  }
}
