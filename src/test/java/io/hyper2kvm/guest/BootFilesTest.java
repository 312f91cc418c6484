package io.hyper2kvm.guest;

import static io.hyper2kvm.guest.SampleGuests.ONE_DISK;
import static io.hyper2kvm.guest.SampleGuests.ROOT_UUID;
import static io.hyper2kvm.guest.SampleGuests.SWAP_UUID;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.boot.BlsEntry;
import io.hyper2kvm.guest.boot.DeviceMap;
import io.hyper2kvm.guest.boot.Extlinux;
import io.hyper2kvm.guest.boot.GrubEnv;
import io.hyper2kvm.guest.boot.KernelCmdlineFile;
import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.fstab.ResumeFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The smaller boot files: BLS entries, grubenv, kernel/cmdline, extlinux, resume, device.map. */
class BootFilesTest {

  private static final String UUID = "UUID=" + ROOT_UUID;

  @Test
  void optionsOfABlsEntryChange() {
    String rhel =
        """
        title Red Hat Enterprise Linux (5.14.0-362.el9.x86_64) 9.3 (Plow)
        version 5.14.0-362.el9.x86_64
        linux /vmlinuz-5.14.0-362.el9.x86_64
        initrd /initramfs-5.14.0-362.el9.x86_64.img $tuned_initrd
        options root=/dev/sda1 ro crashkernel=1G-4G:192M resume=/dev/sda5 $tuned_params
        grub_users $grub_users
        """;

    assertThat(BlsEntry.stabilize("/boot/loader/entries/a.conf", rhel, ONE_DISK).text())
        .isEqualTo(rhel.replace("/dev/sda1", UUID).replace("/dev/sda5", "UUID=" + SWAP_UUID));
  }

  @Test
  void blsEntryWithoutInitramfsGetsThePartitionUuid() {
    assertThat(BlsEntry.stabilize("f", "linux /vmlinuz\noptions root=/dev/sda1\n", ONE_DISK).text())
        .isEqualTo("linux /vmlinuz\noptions root=PARTUUID=4d3c2b1a-01\n");
  }

  private static String grubEnv(String variables) {
    String head = "# GRUB Environment Block\n" + variables;
    return head + "#".repeat(GrubEnv.SIZE - head.length());
  }

  @Test
  void grubEnvKeepsItsSize() {
    Edited edited =
        GrubEnv.stabilize(
            "/boot/grub2/grubenv",
            grubEnv("saved_entry=0\nkernelopts=root=/dev/sda1 ro quiet\nboot_success=1\n"),
            ONE_DISK);

    assertThat(edited.text())
        .isEqualTo(
            grubEnv("saved_entry=0\nkernelopts=root=" + UUID + " ro quiet\nboot_success=1\n"));
    assertThat(edited.text()).hasSize(1024);
    assertThat(edited.changes()).extracting(Change::line).containsExactly(3);
  }

  @Test
  void shorterNameLeavesMorePadding() {
    String env =
        grubEnv("kernelopts=root=/dev/disk/by-path/pci-0000:00:10.0-scsi-0:0:0:0-part1 ro\n");

    assertThat(GrubEnv.stabilize("f", env, ONE_DISK).text())
        .isEqualTo(grubEnv("kernelopts=root=" + UUID + " ro\n"));
  }

  @Test
  void grubEnvWithoutRoomFailsAndStays() {
    String head = "# GRUB Environment Block\nkernelopts=root=/dev/sda1 x=";
    String full = head + "y".repeat(GrubEnv.SIZE - head.length() - 2) + "\n#";

    Edited edited = GrubEnv.stabilize("f", full, ONE_DISK);

    assertThat(edited.text()).isEqualTo(full);
    assertThat(edited.changed()).isFalse();
    assertThat(edited.failures()).singleElement().asString().contains("no room");
  }

  @Test
  void hashInsideAValueIsNoPadding() {
    String text = "# GRUB Environment Block\nkernelopts=root=/dev/sda1 x=##";

    assertThat(GrubEnv.stabilize("f", text, ONE_DISK).text())
        .isEqualTo("# GRUB Environment Block\nkernelopts=root=" + UUID + " x=##");
  }

  @Test
  void otherVariablesOfTheBlockStay() {
    String env = grubEnv("saved_entry=root=/dev/sda1\n");

    assertThat(GrubEnv.stabilize("f", env, ONE_DISK).text()).isEqualTo(env);
  }

  @Test
  void photonsUnpaddedBlockMayGrow() {
    assertThat(
            GrubEnv.stabilize(
                    "/boot/photon.cfg",
                    "# GRUB Environment Block\nphoton_cmdline=root=/dev/sda1 quiet\n",
                    ONE_DISK)
                .text())
        .isEqualTo("# GRUB Environment Block\nphoton_cmdline=root=PARTUUID=4d3c2b1a-01 quiet\n");
  }

  @Test
  void kernelCmdlineFileChangesOutsideItsComments() {
    assertThat(
            KernelCmdlineFile.stabilize(
                    "/etc/kernel/cmdline", "# root=/dev/sda1\nroot=/dev/sda1 ro", ONE_DISK)
                .text())
        .isEqualTo("# root=/dev/sda1\nroot=" + UUID + " ro");
  }

  @Test
  void alpineExtlinuxChanges() {
    String alpine =
        """
        DEFAULT menu.c32
        LABEL lts
          MENU LABEL Linux lts
          LINUX vmlinuz-lts
          INITRD initramfs-lts
          APPEND root=/dev/sda1 modules=sd-mod,usb-storage,ext4 quiet rootfstype=ext4
        """;

    assertThat(Extlinux.stabilize("/boot/extlinux.conf", alpine, ONE_DISK).text())
        .isEqualTo(alpine.replace("/dev/sda1", UUID));
  }

  @Test
  void alpineDefaultsChangeSoThatTheNextUpdateKeepsIt() {
    String text = "overwrite=1\ndefault_kernel_opts=\"quiet resume=/dev/sda5\"\nroot=/dev/sda1\n";

    assertThat(Extlinux.stabilizeDefaults("/etc/update-extlinux.conf", text, ONE_DISK).text())
        .isEqualTo(text.replace("/dev/sda1", UUID).replace("/dev/sda5", "UUID=" + SWAP_UUID));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"RESUME=/dev/sda5\n", "RESUME=\"/dev/sda5\"", "RESUME='/dev/sda5' # swap\n"})
  void resumeDeviceChangesInsideItsQuotes(String text) {
    assertThat(ResumeFile.stabilize(ResumeFile.FILE, text, ONE_DISK).text())
        .isEqualTo(text.replace("/dev/sda5", "UUID=" + SWAP_UUID));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RESUME=none\n",
        "RESUME=auto\n",
        "RESUME=UUID=" + SWAP_UUID + "\n",
        "#RESUME=/dev/sda5\n",
        ""
      })
  void otherResumeValuesStay(String text) {
    Edited edited = ResumeFile.stabilize(ResumeFile.FILE, text, ONE_DISK);

    assertThat(edited.text()).isEqualTo(text);
    assertThat(edited.warnings()).isEmpty();
  }

  @Test
  void resumeDeviceThatIsNotThereIsAWarning() {
    assertThat(ResumeFile.stabilize(ResumeFile.FILE, "RESUME=/dev/sdb1\n", ONE_DISK).warnings())
        .hasSize(1);
    assertThat(
            ResumeFile.stabilize(ResumeFile.FILE, "RESUME=UUID=dead-beef\n", ONE_DISK).warnings())
        .hasSize(1);
  }

  @Test
  void deviceMapOfTheOldHypervisorGoes() {
    assertThat(DeviceMap.removal("/boot/grub/device.map", "(fd0)\t/dev/fd0\n(hd0)\t/dev/sda\n"))
        .hasValueSatisfying(
            removal -> {
              assertThat(removal.after()).isEmpty();
              Change change = removal.changes().get(0);
              assertThat(change.line()).isZero();
              assertThat(change.before()).contains("(hd0)\t/dev/sda");
              assertThat(change.after()).isEmpty();
            });
    assertThat(DeviceMap.removal("/device.map", "(hd0) /dev/disk/by-id/ata-VMware_0001\n"))
        .isPresent();
  }

  @Test
  void deviceMapWithoutDisksStays() {
    String text = "# (hd0) /dev/sda\n(fd0) /dev/fd0\n(hd0) /dev/mapper/x\n";

    assertThat(DeviceMap.removal("/device.map", text)).isEmpty();
    assertThat(DeviceMap.removal("/device.map", "")).isEmpty();
  }
}
