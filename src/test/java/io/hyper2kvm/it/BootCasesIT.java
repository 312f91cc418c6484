package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guests whose boot configuration is elsewhere, or whose {@code /boot} cannot be mounted. */
class BootCasesIT {

  private static final String ROOT = "UUID=11111111-2222-4333-8444-000000000001";

  @TempDir Path directory;

  @Test
  void theConfigurationOnTheEfiSystemPartitionIsCorrected() throws Exception {
    GuestCase plan = GuestCase.planned("grub-uefi-centos7", directory);

    assertThat(plan.linesAfter("/boot/efi/EFI/centos/grub.cfg"))
        .singleElement()
        .asString()
        .contains("linuxefi /vmlinuz-3.10.0-1160.el7.x86_64 root=" + ROOT + " ro");
    assertThat(plan.linesAfter("/etc/default/grub"))
        .anyMatch(line -> line.contains("root=" + ROOT))
        .anyMatch(line -> line.contains("GRUB_DISABLE_LINUX_UUID=false"));
    assertThat(plan.linesAfter("/etc/fstab"))
        .hasSize(3)
        .anyMatch(line -> line.startsWith("UUID=C0FF-EE11 /boot/efi"));
    assertBoots(plan);
  }

  /** RHEL 8 on UEFI: entries take their root from the block that lies on the ESP. */
  @Test
  @Tag("all")
  void kernelOptionsInTheBlockOnTheEfiSystemPartitionAreCorrected() throws Exception {
    GuestCase plan = GuestCase.planned("grub-uefi-rhel8-kernelopts", directory);

    assertThat(plan.linesAfter("/boot/efi/EFI/redhat/grubenv"))
        .containsExactly("kernelopts=root=" + ROOT + " ro crashkernel=auto");
    assertThat(plan.linesAfter("/boot/efi/EFI/redhat/grub.cfg"))
        .singleElement()
        .asString()
        .contains("set kernelopts=\"root=" + ROOT + " ro crashkernel=auto \"");
    // The link to the block on the ESP is no second file.
    assertThat(plan.linesAfter("/boot/grub2/grubenv")).isEmpty();
    assertBoots(plan);
  }

  /** systemd-boot on an ESP that no row of fstab mounts. */
  @Test
  @Tag("all")
  void entriesOnAnEfiSystemPartitionThatIsMountedByItsTypeAreCorrected() throws Exception {
    GuestCase plan = GuestCase.planned("boot-efi-by-type", directory);

    assertThat(plan.report().at("/stages/inspect/boot_loader").asText()).isEqualTo("systemd-boot");
    assertThat(plan.linesAfter("/efi/loader/entries/arch.conf"))
        .containsExactly("options root=" + ROOT + " rw");
    assertThat(plan.linesAfter("/etc/kernel/cmdline")).containsExactly("root=" + ROOT + " rw");
    assertBoots(plan);
  }

  /** The same guest, with a unified kernel image beside its entries. */
  @Test
  void aUnifiedKernelImageWithAnUnstableRootIsRefused() throws Exception {
    GuestCase plan = GuestCase.planned("boot-unified-kernel", directory);

    assertThat(plan.failureCode()).isEqualTo("FIX_GRUB_FAILED");
    assertThat(plan.failureMessage())
        .contains("/efi/EFI/Linux/arch.efi")
        .contains("root=/dev/sda2 is inside a unified kernel image");
  }

  private static void assertBoots(GuestCase plan) {
    assertThat(plan.completed()).as(() -> plan.report().toPrettyString()).isTrue();
    assertThat(plan.report().at("/plan/checks"))
        .filteredOn(check -> check.path("name").asText().equals("guest_boot_entries"))
        .extracting(check -> check.path("status").asText())
        .containsExactly("passed");
  }

  @Test
  void aBootThatCannotBeMountedFailsWithItsRow() throws Exception {
    GuestCase plan = GuestCase.planned("grub-boot-unmountable", directory);

    assertThat(plan.failureCode()).isEqualTo("GUEST_MOUNT_FAILED");
    assertThat(plan.failureMessage())
        .contains("line 2 of /etc/fstab mounts UUID=11111111-2222-4333-8444-0000000000b1 at /boot")
        .contains("disk 1, partition 1 (ext4)");
  }
}
