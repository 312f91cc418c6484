package io.hyper2kvm.stage.fix;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.guest.boot.uefi.EfiProcessor;
import io.hyper2kvm.guest.boot.uefi.Esp;
import io.hyper2kvm.manifest.model.FstabMode;
import io.hyper2kvm.manifest.model.GrubFix;
import io.hyper2kvm.stage.Check;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UefiLoaderRepairTest extends FixedGuest {

  private static final String ESP = "/dev/sda15";
  private static final String BOOT = "/EFI/BOOT/BOOTX64.EFI";
  private static final byte[] GRUB = Esp.pe(EfiProcessor.X64, "grub");

  private void wantGrub() {
    guest.tags.get(ROOT).put("PART_ENTRY_UUID", "c0ffee01-01");
    jobs.fix = spec(null, new GrubFix(false), null, null);
  }

  private void wantFstabAlone() {
    jobs.fix = spec(FstabMode.STABILIZE_ALL, null, null, null);
  }

  private Check loaderCheck() {
    return FixResult.checksOf(job).stream()
        .filter(check -> check.name().equals("guest_uefi_loader"))
        .findFirst()
        .orElseThrow();
  }

  @SuppressWarnings("unchecked")
  private List<Map<String, Object>> changes(String file) {
    return applied().stream()
        .map(fix -> (Map<String, Object>) fix)
        .flatMap(fix -> ((List<Map<String, Object>>) fix.get("changes")).stream())
        .filter(change -> change.get("file").equals(file))
        .toList();
  }

  private void grubInAFolderOfItsOwn() {
    guest
        .efiSystemPartition(ESP)
        .file(ESP, "/EFI/debian/grubx64.efi", GRUB)
        .file(ESP, "/EFI/debian/grub.cfg", "configfile $prefix/grub.cfg\n");
  }

  @Test
  void theLoaderIsCopiedAndSeen() throws IOException {
    grubInAFolderOfItsOwn();
    wantGrub();

    fix();

    assertThat(guest.fileSystems.get(ESP).get(BOOT)).isEqualTo(GRUB);
    assertThat(guest.text(ESP, "/EFI/BOOT/grub.cfg")).isEqualTo("configfile $prefix/grub.cfg\n");
    assertThat(loaderCheck().status()).isEqualTo(Check.Status.PASSED);
    assertThat(guest.mounts).isEmpty();
  }

  @Test
  void theReportHasSizeAndSumOfTheCopy() throws IOException {
    grubInAFolderOfItsOwn();
    wantGrub();

    fix();

    assertThat(changes("/boot/efi" + BOOT))
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.get("before")).isEqualTo("");
              assertThat(change.get("after").toString())
                  .matches("copy of /EFI/debian/grubx64.efi, 4096 bytes, sha256 [0-9a-f]{64}");
              assertThat(change.get("reason").toString()).contains("NVRAM", "partition 15");
            });
  }

  @Test
  void aConfigurationIsLedToWhereItStays() throws IOException {
    grubInAFolderOfItsOwn();
    guest.file(ESP, "/EFI/debian/grub.cfg", "menuentry 'Debian' {\n linux /vmlinuz ro\n}\n");
    wantGrub();

    fix();

    assertThat(guest.text(ESP, "/EFI/BOOT/grub.cfg"))
        .endsWith("set prefix=($root)/EFI/debian\nconfigfile $prefix/grub.cfg\n");
  }

  @Test
  void withoutTheFixTheCheckFails() throws IOException {
    grubInAFolderOfItsOwn();
    wantFstabAlone();

    fix();

    assertThat(loaderCheck().status()).isEqualTo(Check.Status.FAILED);
    assertThat(loaderCheck().detail()).contains("has no " + BOOT, "fix.grub");
    assertThat(guest.fileSystems.get(ESP)).doesNotContainKey(BOOT);
  }

  @Test
  void aLoaderThatIsThereStays() throws IOException {
    grubInAFolderOfItsOwn();
    guest.file(ESP, "/efi/boot/bootx64.efi", "MZ").file(ESP, BOOT, GRUB);
    wantGrub();

    fix();

    assertThat(changes("/boot/efi" + BOOT)).isEmpty();
    assertThat(loaderCheck().status()).isEqualTo(Check.Status.PASSED);
  }

  @Test
  void aGuestThatStartsByBiosHasNoSuchCheck() throws IOException {
    wantGrub();

    fix();

    assertThat(FixResult.checksOf(job)).extracting(Check::name).doesNotContain("guest_uefi_loader");
  }

  @Test
  void anUnknownLoaderFailsTheFix() {
    guest.efiSystemPartition(ESP).file(ESP, "/EFI/debian/vmlinuz.efi", GRUB);
    wantGrub();

    assertFails(FailureCode.FIX_GRUB_FAILED, "no boot loader that is known here");
  }

  @Test
  void aPartitionWithoutSpaceFailsBeforeAnythingIsChanged() {
    grubInAFolderOfItsOwn();
    guest.statvfs.put("/", List.of("bfree: 10", "frsize: 512"));
    wantGrub();

    assertFails(FailureCode.GUEST_NO_SPACE, "5120 bytes free");
    assertThat(guest.text(ROOT, "/etc/default/grub")).contains("root=/dev/sda1");
  }

  @Test
  void aCopyThatWasNotWrittenFailsTheFix() {
    grubInAFolderOfItsOwn();
    guest.fullPartitions.add(ESP);
    wantGrub();

    assertFails(FailureCode.APPLIANCE_FAILED, BOOT);
  }
}
