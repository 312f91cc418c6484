package io.hyper2kvm.guest.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.kernel.InstalledKernels.Image;
import io.hyper2kvm.guest.kernel.InstalledKernels.Kernel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstalledKernelsTest {

  /** {@code a=b c}: each word with what stands behind its sign of equality, or nothing. */
  private static Map<String, String> words(String text) {
    Map<String, String> words = new LinkedHashMap<>();
    for (String word : (text == null ? "" : text).strip().split(" +")) {
      String[] parts = word.split("=", 2);
      if (!word.isEmpty()) {
        words.put(parts[0], parts.length < 2 ? "" : parts[1]);
      }
    }
    return words;
  }

  /** Modules with their packages; images with {@code @version} and {@code >real}; files. */
  private static InstalledKernels of(String modules, String images, String files) {
    List<Image> list = new ArrayList<>();
    for (String word : images.split(" +")) {
      String[] linked = word.split(">", 2);
      String[] stated = linked[0].split("@", 2);
      list.add(
          new Image(
              stated[0],
              linked.length < 2 ? stated[0] : linked[1],
              stated.length < 2 ? Optional.empty() : Optional.of(stated[1])));
    }
    Map<String, String> real = new LinkedHashMap<>();
    words(files).forEach((file, target) -> real.put(file, target.isEmpty() ? file : target));
    return InstalledKernels.of(words(modules), list, real);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // by name
        "6.1.0 | /boot/vmlinuz-6.1.0 | /boot/initrd.img-6.1.0 | 6.1.0",
        "4.18 | /boot/vmlinuz-4.18 | /boot/initramfs-4.18.img | 4.18",
        "6.4-default | /boot/vmlinuz-6.4-default>/usr/lib/modules/6.4-default/vmlinuz"
            + " | /boot/initrd-6.4-default | 6.4-default",
        "5.15-gentoo | /boot/kernel-5.15-gentoo | /boot/initramfs-5.15-gentoo.img | 5.15-gentoo",
        "6.9.3 | /boot/0123456789abcdef0123456789abcdef/6.9.3/linux"
            + " | /boot/0123456789abcdef0123456789abcdef/6.9.3/initrd | 6.9.3",
        // by the package
        "6.6.1-arch1-1=linux 6.6.8-1-lts=linux-lts | /boot/vmlinuz-linux"
            + " | /boot/initramfs-linux.img | 6.6.1-arch1-1",
        "6.6.1-arch1-1=linux 6.6.8-1-lts=linux-lts | /boot/vmlinuz-linux-lts"
            + " | /boot/initramfs-linux-lts.img | 6.6.8-1-lts",
        // by the flavour
        "5.15.1-0-lts 5.15.1-0-virt | /boot/vmlinuz-lts | /boot/initramfs-lts | 5.15.1-0-lts",
        "5.15.1-0-lts 5.15.1-0-virt | /boot/vmlinuz-virt | /boot/initramfs-virt | 5.15.1-0-virt",
        // by the image's own version, which counts more than its name
        "6.6.1=linux 6.6.2=linux | /boot/vmlinuz-linux@6.6.2 | /boot/initramfs-linux.img | 6.6.2",
        "5.15.1-0-lts 5.15.2-0-lts | /boot/vmlinuz-lts@5.15.2-0-lts | /boot/initramfs-lts"
            + " | 5.15.2-0-lts",
        "6.1.0 | /boot/vmlinuz@6.1.0 | /boot/initrd.img | 6.1.0",
        "5.15.19 | /boot/vmlinuz-huge-5.15.19@5.15.19 |  | 5.15.19",
        "6.1-gentoo | /boot/kernel-genkernel-x86_64-6.1-gentoo@6.1-gentoo"
            + " | /boot/initramfs-genkernel-x86_64-6.1-gentoo.img | 6.1-gentoo",
        // by a symbolic link
        "6.1.0 6.2.0 | /boot/vmlinuz>/usr/lib/modules/6.2.0/vmlinuz | /boot/initrd-6.2.0 | 6.2.0",
        "6.1.0 | /boot/vmlinuz>/boot/kernels/vmlinuz-6.1.0 | /boot/initrd | 6.1.0",
      })
  void anImageHasTheModulesOf(String modules, String images, String files, String version) {
    InstalledKernels found = of(modules, images, files);

    assertThat(found.unmatched()).isEmpty();
    assertThat(found.kernels())
        .containsExactly(
            new Kernel(
                version,
                images.replaceFirst("[@>].*", ""),
                files == null ? "" : files.strip().split("=")[0]));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "6.6.1=linux 6.6.2=linux | /boot/vmlinuz-linux | several folders in /lib/modules: 6.6.1",
        "5.1-0-lts 5.2-0-lts | /boot/vmlinuz-lts | several folders in /lib/modules: 5.1-0-lts",
        "6.6.2=linux | /boot/vmlinuz-linux@6.6.1 | it states the version 6.6.1, and there is no",
        "6.1.0 | /boot/vmlinuz | no folder in /lib/modules fits",
        "6.1.0 | /boot/vmlinuz-6.2.0 | no folder in /lib/modules fits",
        "6.1-lts=other | /boot/vmlinuz-lts | no folder in /lib/modules fits",
        "6.1.0 | /boot/0123456789abcdef0123456789abcdef/6.2/linux | no folder in /lib/modules fits",
      })
  void anImageThatCouldBeAnyoneIsNobodys(String modules, String images, String reason) {
    InstalledKernels found = of(modules, images, "");

    assertThat(found.kernels()).isEmpty();
    assertThat(found.unmatched()).hasSize(1).containsOnlyKeys(images.replaceFirst("@.*", ""));
    assertThat(found.unmatched().values()).singleElement().asString().contains(reason);
  }

  /** An image that is another's link or copy, and how many kernels there are. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/boot/vmlinuz>/boot/vmlinuz-6.1.0 | /boot/initrd.img-6.1.0 | 1",
        "/boot/vmlinuz@6.1.0 | /boot/initrd.img-6.1.0 | 1",
        "/boot/vmlinuz@6.1.0"
            + " | /boot/initrd.img-6.1.0 /boot/initrd.img=/boot/initrd.img-6.1.0 | 1",
        "/boot/vmlinuz@6.1.0 | /boot/initrd.img-6.1.0 /boot/initrd.img | 2",
        "/boot/vmlinuz-generic-6.1.0@6.1.0"
            + " | /boot/initrd.img-6.1.0 /boot/initrd-generic-6.1.0 | 2",
      })
  void aCopyIsAKernelOfItsOwnOnlyWithAnInitramfsOfItsOwn(String other, String files, int count) {
    InstalledKernels found = of("6.1.0", other + " /boot/vmlinuz-6.1.0", files);

    assertThat(found.unmatched()).isEmpty();
    assertThat(found.kernels()).hasSize(count);
    assertThat(found.kernels().get(0))
        .isEqualTo(new Kernel("6.1.0", "/boot/vmlinuz-6.1.0", "/boot/initrd.img-6.1.0"));
  }
}
