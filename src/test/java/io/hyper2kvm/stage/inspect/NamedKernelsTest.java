package io.hyper2kvm.stage.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.stage.FakeGuest;
import io.hyper2kvm.stage.Inspected;
import io.hyper2kvm.stage.Jobs;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.outcome.JobOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kernels where kernel-install or a boot loader entry puts them. */
class NamedKernelsTest {

  private static final String ROOT = "/dev/sda1";
  private static final String ESP = "/dev/sda2";
  private static final String VERSION = "6.1.0";

  @TempDir Path directory;
  private Jobs jobs;
  private final FakeGuest guest = FakeGuest.debian();

  @BeforeEach
  void withoutKernelsInBoot() throws IOException {
    jobs = new Jobs(directory.toRealPath()).withRawSource();
    jobs.inspect = true;
    guest.fileSystems.get(ROOT).remove("/boot/vmlinuz-6.1.0");
    guest.fileSystems.get(ROOT).remove("/boot/grub/grub.cfg");
    guest.efiSystemPartition(ESP).file(ESP, "/EFI/systemd/systemd-bootx64.efi", "MZ");
  }

  private VmJob inspect() throws IOException {
    return Inspected.job(jobs, guest);
  }

  private List<GuestFacts.Kernel> kernels() throws IOException {
    return inspect().results().get(InspectResult.class).guest().kernels();
  }

  private static GuestFacts.Kernel kernel(String image, String initramfs) {
    return new GuestFacts.Kernel(VERSION, image, initramfs);
  }

  @ParameterizedTest
  @CsvSource({
    "/etc/kernel/entry-token, web",
    "/etc/machine-id, 4098b3f648d74c13b1f04ccfba7798e8",
    "/etc/nothing, debian",
    "/etc/nothing, Default",
    "/etc/nothing, 00000000000000000000000000000001",
  })
  void kernelsAreFoundByTheToken(String file, String token) throws IOException {
    guest
        .file(ROOT, file, token + "\n")
        .file(ESP, "/" + token + "/6.1.0/linux", "kernel")
        .file(ESP, "/" + token + "/6.1.0/initrd.img-6.1.0", "initramfs")
        .file(ROOT, "/boot/" + token + "/6.1.0/linux", "kernel");

    assertThat(kernels())
        .contains(
            kernel(
                "/boot/efi/" + token + "/6.1.0/linux",
                "/boot/efi/" + token + "/6.1.0/initrd.img-6.1.0"));
  }

  @ParameterizedTest
  @CsvSource({
    "/some-token/6.1.0/linux, /some-token/6.1.0/initrd",
    "/EFI/arch/vmlinuz-6.1.0, /EFI/arch/initramfs-6.1.0.img",
    "/vmlinuz-6.1.0, /initrd.img-6.1.0",
    "//deep/er/vmlinuz-6.1.0, /deep/er/initrd.img-6.1.0",
    "/@x/vmlinuz-6.1.0, /@x/initrd-6.1.0",
  })
  void kernelsAreFoundByTheirEntries(String image, String initramfs) throws IOException {
    String plain = image.replace("//", "/");
    guest
        .file(ESP, plain, "kernel")
        .file(ESP, initramfs, "initramfs")
        .file(
            ESP,
            "/loader/entries/x.conf",
            "title x\nlinux "
                + image
                + "\ninitrd "
                + initramfs
                + "\noptions root=UUID=1111-root\n");

    assertThat(kernels()).containsExactly(kernel("/boot/efi" + plain, "/boot/efi" + initramfs));
  }

  @ParameterizedTest
  @CsvSource({
    "/gone/vmlinuz-6.1.0",
    "/../vmlinuz-6.1.0",
    "$kernel",
    "'(hd0,1)/vmlinuz-6.1.0'",
    "vmlinuz-6.1.0"
  })
  void whatAnEntryNamesAndIsNotThereIsNoKernel(String image) throws IOException {
    guest.file(ESP, "/loader/entries/x.conf", "linux " + image + "\n");

    assertThat(kernels()).isEmpty();
  }

  @Test
  void aKernelThatIsFoundTwiceIsOne() throws IOException {
    guest
        .file(ROOT, "/boot/vmlinuz-6.1.0", "kernel")
        .file(ROOT, "/boot/loader/entries/x.conf", "linux /boot/vmlinuz-6.1.0\n");

    assertThat(kernels()).containsExactly(kernel("/boot/vmlinuz-6.1.0", ""));
  }

  @Test
  void anotherPlaceForKernelsToComeIsTold() throws IOException {
    guest.file(ROOT, "/etc/kernel/install.conf", "layout=bls\nBOOT_ROOT=/data\n");

    assertThat(JobOutcome.of(inspect()).warnings())
        .anyMatch(w -> w.startsWith("/etc/kernel/install.conf:2: BOOT_ROOT=/data: "));
  }
}
