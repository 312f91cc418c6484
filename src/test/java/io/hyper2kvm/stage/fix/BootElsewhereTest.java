package io.hyper2kvm.stage.fix;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.guest.boot.UnrewritableTest;
import io.hyper2kvm.manifest.model.FstabMode;
import io.hyper2kvm.manifest.model.GrubFix;
import io.hyper2kvm.stage.Check;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Guests that keep their boot configuration elsewhere than in /boot/grub. */
class BootElsewhereTest extends FixedGuest {

  private static final String ESP = "/dev/sda15";
  private static final String ENTRY =
      "title x\nlinux /vmlinuz\ninitrd /initrd\noptions root=/dev/sda1 ro\n";

  @BeforeEach
  void aGuestWithAnEfiSystemPartition() {
    jobs.fix = spec(null, new GrubFix(false), null, null);
    guest.fileSystems.get(ROOT).remove("/boot/grub/grub.cfg");
    guest.fileSystems.get(ROOT).remove("/etc/default/grub");
    guest.partition(ESP, "vfat", "C0FF-EE11");
    guest.tags.get(ESP).put("PART_ENTRY_TYPE", "c12a7328-f81f-11d2-ba4b-00a0c93ec93b");
    guest.file(ESP, "/EFI/BOOT/BOOTX64.EFI", "MZ");
    guest.file(ESP, "/vmlinuz", "k").file(ESP, "/initrd", "i");
    guest.file(ROOT, "/vmlinuz", "k").file(ROOT, "/initrd", "i");
  }

  private void mountedAt(String point) {
    guest.file(ROOT, point + "/x", "");
  }

  private Check entries() {
    return FixResult.checksOf(job).stream()
        .filter(check -> check.name().equals("guest_boot_entries"))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "/boot/efi, /EFI/centos/grub.cfg, linuxefi /vmlinuz root=/dev/sda1 ro",
    "/boot/efi, /EFI/REDHAT/GRUB.CFG, linux /vmlinuz root=/dev/sda1 ro",
    "/boot/efi, /EFI/redhat/grub.conf, kernel /vmlinuz root=/dev/sda1 ro",
    "/mnt, /EFI/BOOT/grub.cfg, $linux /vmlinuz root=/dev/sda1 ro",
    "/efi, /grub/grub.cfg, linux /vmlinuz root=/dev/sda1 ro",
    "/efi, /loader/entries/a.conf, options root=/dev/sda1 ro",
    "/boot/efi, /loader/entries/a.conf, options root=/dev/sda1 ro",
    "/efi, /EFI/syslinux/syslinux.cfg, append root=/dev/sda1 ro",
    "/efi, /syslinux.cfg, append root=/dev/sda1 ro",
    "/efi, /EFI/refind/refind.conf, options \"root=/dev/sda1 ro\"",
    "/efi, /EFI/arch/refind_linux.conf, \"x\" \"root=/dev/sda1 ro\"",
  })
  void aRootOnTheEfiSystemPartitionIsCorrected(String point, String file, String line)
      throws IOException {
    mountedAt(point);
    String initrd = line.startsWith("options") || line.startsWith("\"") ? "" : "initrd /initrd\n";
    boolean bls = file.startsWith("/loader/");
    guest.file(ESP, file, bls ? ENTRY : line + "\n" + initrd);
    fix();

    assertThat(guest.text(ESP, file))
        .contains(bls ? "options " : line.substring(0, 5))
        .contains(line.contains("append") ? "root=" : "root=UUID=1111-root ro")
        .doesNotContain("/dev/sda1");
    assertThat(applied().get(0).toString()).contains("status=applied", point + file);
    assertThat(entries().status()).isEqualTo(Check.Status.PASSED);
  }

  @Test
  void aStubThatLeadsToAnotherFileStaysAsItIs() throws IOException {
    String stub = "search.fs_uuid 1111-root root\nconfigfile ($root)/boot/grub/grub.cfg\n";
    mountedAt("/boot/efi");
    guest.file(ESP, "/EFI/debian/grub.cfg", stub);
    guest.file(ROOT, "/boot/grub/grub.cfg", "linux /vmlinuz root=/dev/sda1\ninitrd /initrd\n");
    guest.shAnswer = "exit 127\n";
    fix();

    assertThat(guest.text(ESP, "/EFI/debian/grub.cfg")).isEqualTo(stub);
    assertThat(entries().status()).isEqualTo(Check.Status.PASSED);
  }

  @Test
  void aBlockThatIsReachedByALinkIsCorrectedOnceAndKeepsItsSize() throws IOException {
    mountedAt("/boot/efi");
    String head = "# GRUB Environment Block\nkernelopts=root=/dev/sda1 ro\n";
    guest.file(ESP, "/EFI/redhat/grubenv", head + "#".repeat(1024 - head.length()));
    guest.file(ESP, "/EFI/redhat/grub.cfg", "blscfg\n");
    guest.file(ROOT, "/boot/loader/entries/a.conf", "linux /vmlinuz\noptions $kernelopts\n");
    guest.links.put("/boot/grub2/grubenv", "/boot/efi/EFI/redhat/grubenv");
    fix();

    assertThat(guest.text(ESP, "/EFI/redhat/grubenv"))
        .hasSize(1024)
        .contains("kernelopts=root=UUID=1111-root ro\n");
    assertThat(applied().get(0).toString()).doesNotContain("/boot/grub2/grubenv");
    assertThat(entries().status()).isEqualTo(Check.Status.PASSED);
  }

  @Test
  void anEntryWithoutARootFailsItsCheck() throws IOException {
    mountedAt("/boot/efi");
    guest.file(ESP, "/EFI/redhat/grub.cfg", "blscfg\n");
    guest.file(ROOT, "/boot/loader/entries/a.conf", "linux /vmlinuz\noptions $kernelopts\n");
    fix();

    assertThat(entries().status()).isEqualTo(Check.Status.FAILED);
    assertThat(entries().detail()).contains("/boot/loader/entries/a.conf", "$kernelopts");
  }

  @Test
  void anUnstableRootInTheSecondFileIsAWarningWhenNobodyAskedForGrub() throws IOException {
    jobs.fix = spec(FstabMode.STABILIZE_ALL, null, null, null);
    mountedAt("/boot/efi");
    guest.file(ROOT, "/boot/grub/grub.cfg", "linux /vmlinuz root=UUID=1111-root\n");
    guest.file(ESP, "/EFI/centos/grub.cfg", "linuxefi /vmlinuz root=/dev/sda1\n");
    fix();

    assertThat(entries().status()).isEqualTo(Check.Status.WARNING);
    assertThat(entries().detail()).contains("/boot/efi/EFI/centos/grub.cfg: [line 1: ");
  }

  @ParameterizedTest
  @CsvSource({"true, WARNING", "false, FAILED"})
  void anOldEntryWithoutItsKernelIsAWarningAsLongAsThereIsAnother(
      boolean another, Check.Status status) throws IOException {
    mountedAt("/efi");
    guest.file(ESP, "/loader/entries/old.conf", ENTRY.replace("vmlinuz", "vmlinuz-old"));
    if (another) {
      guest.file(ESP, "/loader/entries/new.conf", ENTRY);
    }
    fix();

    assertThat(entries().status()).isEqualTo(status);
    assertThat(entries().detail()).contains("is not there: /efi/vmlinuz-old");
  }

  @ParameterizedTest
  @CsvSource({
    "set default=\"0\", /vmlinuz, WARNING",
    "'', /vmlinuz, WARNING",
    "set default=\"${saved_entry}\", /vmlinuz, FAILED",
    "set default=1, /vmlinuz, FAILED",
    "set default=0, /vmlinuz-older, FAILED",
    "set default=0, $kernel, FAILED"
  })
  void aFurtherEntryOfGrubsWithoutItsKernelIsAWarningIfTheFirstIsStarted(
      String choice, String first, Check.Status status) throws IOException {
    String entry = "menuentry x {\n linux %s root=UUID=1111-root\n initrd /initrd\n}\n";
    guest.file(
        ROOT,
        "/boot/grub/grub.cfg",
        choice + "\n" + entry.formatted(first) + entry.formatted("/vmlinuz-old"));
    fix();

    assertThat(entries().status()).isEqualTo(status);
    assertThat(entries().detail()).contains("is not there: /vmlinuz-old");
  }

  @Test
  void whatAnUpgradeFromGrubLegacyHasLeftIsAWarning() throws IOException {
    guest.file(ROOT, "/boot/grub/grub.cfg", "linux /vmlinuz root=UUID=1111-root\n");
    guest.file(ROOT, "/boot/grub/menu.lst", "kernel /vmlinuz-2.6.26 root=UUID=dead-beef ro\n");
    fix();

    assertThat(entries().status()).isEqualTo(Check.Status.WARNING);
    assertThat(entries().detail()).contains("leads to no device", "is not there: /vmlinuz-2.6.26");
  }

  @Test
  void aUnifiedKernelImageWithAnUnstableRootIsRefused() {
    mountedAt("/efi");
    guest.file(ESP, "/loader/entries/a.conf", ENTRY);
    guest.file(
        ESP,
        "/EFI/Linux/a.efi",
        new String(
            UnrewritableTest.image(".cmdline", "root=/dev/sda1 ro"), StandardCharsets.ISO_8859_1));

    assertFails(FailureCode.FIX_GRUB_FAILED, "/efi/EFI/Linux/a.efi:1: root=/dev/sda1");
  }

  @Test
  void liloIsRefused() {
    guest.file(ROOT, "/etc/lilo.conf", "boot=/dev/sda\nroot=/dev/sda1\n");

    assertFails(FailureCode.FIX_GRUB_FAILED, "/etc/lilo.conf:2: root=/dev/sda1 is compiled");
  }

  /** What shows that something boots this guest, one at a time. */
  @ParameterizedTest
  @ValueSource(
      strings = {"/boot/vmlinuz-5", "/boot/vmlinux", "/boot/kernel-genkernel", "/boot/bzImage"})
  void kernelsWithoutAKnownConfigurationFailTheFix(String kernel) {
    guest.fileSystems.get(ROOT).remove("/boot/vmlinuz-6.1.0");
    guest.fileSystems.get(ESP).clear();
    guest.file(ROOT, kernel, "k");

    assertFails(FailureCode.FIX_GRUB_FAILED, "no boot configuration that is known here was found");
  }

  @Test
  void aLoaderForEfiWithoutAKnownConfigurationFailsTheFix() {
    guest.fileSystems.get(ROOT).remove("/boot/vmlinuz-6.1.0");
    mountedAt("/boot/efi");

    assertFails(FailureCode.FIX_GRUB_FAILED, "no boot configuration that is known here was found");
  }
}
