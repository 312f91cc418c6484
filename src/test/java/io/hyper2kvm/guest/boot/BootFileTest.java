package io.hyper2kvm.guest.boot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BootFileTest {

  @ParameterizedTest
  @CsvSource({
    "/boot/grub/grub.cfg, GRUB_CONFIG",
    "/boot/efi/EFI/centos/grub.cfg, GRUB_CONFIG",
    "/boot/efi/efi/REDHAT/GRUB.CFG, GRUB_CONFIG",
    "/boot/efi/EFI/redhat/grub.conf, GRUB_CONFIG",
    "/mnt/EFI/BOOT/grub.cfg, GRUB_CONFIG",
    "/boot/grub/menu.lst, GRUB_CONFIG",
    "/boot/grub2/custom.cfg, GRUB_CONFIG",
    "/etc/grub.d/40_custom, GRUB_CONFIG",
    "/boot/efi/EFI/centos/grubenv, GRUB_ENVIRONMENT",
    "/boot/photon.cfg, GRUB_ENVIRONMENT",
    "/efi/loader/entries/arch.conf, BLS_ENTRY",
    "/boot/efi/loader/entries/0123-6.1.conf, BLS_ENTRY",
    "/mnt/LOADER/ENTRIES/A.CONF, BLS_ENTRY",
    "/efi/EFI/Linux/arch.efi, UNIFIED_KERNEL",
    "/boot/efi/EFI/LINUX/FEDORA.EFI, UNIFIED_KERNEL",
    "/etc/kernel/cmdline, COMMAND_LINE",
    "/usr/lib/kernel/cmdline, COMMAND_LINE",
    "/etc/cmdline.d/root.conf, COMMAND_LINE",
    "/boot/firmware/cmdline.txt, COMMAND_LINE",
    "/etc/dracut.conf.d/cmdline.conf, DRACUT",
    "/boot/extlinux.conf, SYSLINUX",
    "/efi/EFI/syslinux/syslinux.cfg, SYSLINUX",
    "/boot/extlinux/linux.cfg, SYSLINUX",
    "/boot/refind_linux.conf, REFIND_LINUX",
    "/efi/EFI/refind/refind.conf, REFIND",
    "/etc/lilo.conf, LILO",
    "/boot/efi/EFI/SuSE/elilo.conf, LILO",
    "/boot/grub/device.map, DEVICE_MAP",
    "/etc/default/grub.d/50-cloud.cfg, GRUB_DEFAULTS",
  })
  void aFileIsKnownByItsPath(String path, BootFile kind) {
    assertThat(BootFile.of(path)).contains(kind);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/fstab",
        "/etc/default/grub.d/readme",
        "/efi/EFI/BOOT/BOOTX64.EFI",
        "/efi/loader/entries/readme.txt",
        "/efi/loader/loader.conf",
        "/etc/NetworkManager/conf.d/grub.cfg",
        "/boot/syslinux/menu.c32",
        "/",
        "",
      })
  void anythingElseIsNone(String path) {
    assertThat(BootFile.of(path)).isEmpty();
    assertThat(BootFile.isEntry(path)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/boot/grub/custom.cfg",
        "/etc/grub.d/40_custom",
        "/etc/default/grub",
        "/etc/kernel/cmdline",
        "/boot/grub2/grubenv"
      })
  void whatOnlyAddsToEntriesIsNoEntry(String path) {
    assertThat(BootFile.isEntry(path)).isFalse();
  }
}
