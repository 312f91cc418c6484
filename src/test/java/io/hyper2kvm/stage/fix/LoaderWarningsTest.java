package io.hyper2kvm.stage.fix;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.manifest.model.FstabMode;
import io.hyper2kvm.manifest.model.InitramfsFix;
import io.hyper2kvm.stage.outcome.JobOutcome;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of a guest's boot loader on its way through FIX. */
class LoaderWarningsTest extends FixedGuest {

  private static final String MENU = "/boot/grub/menu.lst";

  @BeforeEach
  void fstabOnly() {
    jobs.fix = spec(FstabMode.STABILIZE_ALL, null, null, null);
  }

  private List<String> warnings() throws IOException {
    fix();
    return JobOutcome.of(job).warnings();
  }

  private void legacy(String menu) {
    guest.fileSystems.get(ROOT).remove("/boot/grub/grub.cfg");
    guest.file(ROOT, MENU, menu);
  }

  @ParameterizedTest
  @CsvSource({"'(hd0,0)', false", "'(hd0,4)', true", "'(hd1,0)', true"})
  void aDiskOfGrubLegacysThatIsAnotherOneIsTold(String root, boolean told) throws IOException {
    legacy("title x\nroot " + root + "\nkernel /boot/vmlinuz-6.1.0 root=UUID=1111-root\n");

    assertThat(warnings().stream().anyMatch(w -> w.startsWith(MENU + ":2: " + root)))
        .isEqualTo(told);
  }

  @ParameterizedTest
  @CsvSource({
    "fallback 0,",
    "fallback 1, starts /boot/vmlinuz-rescue",
    "fallback 2, starts /boot/memtest.bin",
    "fallback 3, starts no kernel",
    "fallback 0 1, starts /boot/vmlinuz-rescue",
  })
  void aFallbackThatIsNotKnownToBeReadyIsTold(String fallback, String told) throws IOException {
    jobs.fix = spec(null, null, new InitramfsFix(true), null);
    guest.file(
        ROOT,
        "/lib/modules/6.1.0/modules.builtin",
        "kernel/virtio_pci.ko\nkernel/virtio_blk.ko\nkernel/virtio_scsi.ko\n"
            + "kernel/virtio_net.ko\nkernel/sd_mod.ko\n");
    guest.file(ROOT, "/boot/vmlinuz-rescue", "kernel");
    legacy(
        fallback
            + """

            title a
            root (hd0,0)
            kernel /boot/vmlinuz-6.1.0 root=UUID=1111-root
            title b
            root (hd0,0)
            kernel /boot/vmlinuz-rescue root=UUID=1111-root
            title c
            root (hd0,0)
            kernel /boot/memtest.bin
            title d
            rootnoverify (hd0,0)
            chainloader +1
            """);

    List<String> found =
        warnings().stream().filter(w -> w.startsWith(MENU + ":1: the fallback is")).toList();
    if (told == null) {
      assertThat(found).isEmpty();
    } else {
      assertThat(found).singleElement().asString().contains(told);
    }
  }

  private void lilo(String text) {
    guest.fileSystems.get(ROOT).remove("/boot/grub/grub.cfg");
    guest.file(ROOT, "/etc/lilo.conf", text.replace(";", "\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "boot=/dev/sda;default=Linux;image=/v, ':2: default=Linux starts'",
    "image=/v;label=a;image=/w, ':1: image=/v, the first, starts'",
    "default = a;default=\"b\";image=/v, ':2: default=b starts'",
    "#default=x;other=/dev/sda1, ':2: other=/dev/sda1, the first'",
    "timeout=5;image = /v, ':2: image=/v, the first'",
  })
  void whatLiloStartsIsToldToBeUncertain(String text, String told) throws IOException {
    lilo(text);

    assertThat(warnings())
        .filteredOn(w -> w.contains("starts by itself"))
        .singleElement()
        .asString()
        .startsWith("/etc/lilo.conf" + told);
  }

  @ParameterizedTest
  @CsvSource({"initrd=/boot/initrd.img-6.1.0", "initrd = /initrd.img", "  initrd=/boot/initrd"})
  void anInitramfsThatLiloLoadsByItsBlocksIsNotChanged(String initrd) {
    jobs.fix = spec(null, null, new InitramfsFix(true), null);
    guest
        .file(ROOT, "/boot/initrd.img-6.1.0", "broken, so it would be rebuilt")
        .file(ROOT, "/lib/modules/6.1.0/modules.builtin", "kernel/sd_mod.ko\n");
    lilo("image=/boot/vmlinuz-6.1.0;" + initrd + ";");

    assertFails(FailureCode.FIX_INITRAMFS_FAILED, "/etc/lilo.conf:2: LILO loads initrd=");
    assertThat(guest.commands).noneMatch(words -> words.get(0).equals("-sh"));
  }

  @Test
  void whatIsNeverStartedHereIsNotToldOf() throws IOException {
    guest.file(ROOT, MENU, "title x\nroot (hd3,0)\nkernel /boot/vmlinuz-6.1.0\n");

    assertThat(warnings()).noneMatch(w -> w.startsWith(MENU));
  }
}
