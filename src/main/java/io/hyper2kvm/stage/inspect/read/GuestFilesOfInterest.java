package io.hyper2kvm.stage.inspect.read;

import java.util.List;
import java.util.regex.Pattern;

/** The files of a Linux guest that the fixes and checks read. */
public final class GuestFilesOfInterest {

  /** More than any real configuration file, and bounded, in bytes. */
  public static final int MAX_TEXT_BYTES = 1 << 20;

  /** More than any real guest has, and bounded. */
  public static final int MAX_FILES = 600;

  /** More leases than any guest has cards and connections; their beginnings tell enough. */
  public static final int MAX_LEASES = 64;

  public static final int MAX_LEASE_BYTES = 64 << 10;

  public static final List<String> FILES =
      List.of(
          "/etc/fstab",
          "/etc/crypttab",
          "/etc/mdadm.conf",
          "/etc/mdadm/mdadm.conf",
          "/etc/lvm/lvm.conf",
          "/etc/lvm/lvmlocal.conf",
          "/etc/hostname",
          "/etc/selinux/config",
          "/etc/debian_version",
          "/etc/default/grub",
          "/etc/grub.d/40_custom",
          "/etc/inittab",
          "/etc/lilo.conf",
          "/etc/kernel/cmdline",
          "/usr/lib/kernel/cmdline",
          "/etc/kernel/entry-token",
          "/etc/kernel/install.conf",
          "/usr/local/lib/kernel/install.conf",
          "/usr/lib/kernel/install.conf",
          "/etc/machine-info",
          "/etc/machine-id",
          "/etc/kernel/uki.conf",
          "/usr/lib/kernel/uki.conf",
          "/etc/systemd/ukify.conf",
          "/boot/cmdline.txt",
          "/boot/firmware/cmdline.txt",
          "/boot/photon.cfg",
          "/boot/refind_linux.conf",
          "/etc/initramfs-tools/initramfs.conf",
          "/etc/initramfs-tools/modules",
          "/etc/initramfs-tools/conf.d/resume",
          "/etc/dracut.conf",
          "/etc/mkinitcpio.conf",
          "/etc/mkinitfs/mkinitfs.conf",
          "/etc/booster.yaml",
          "/etc/tiny-initramfs/tiny-initramfs.conf",
          "/etc/update-extlinux.conf",
          "/etc/modprobe.conf",
          "/etc/modules",
          "/etc/iftab",
          "/etc/dhcpcd.conf",
          "/etc/conf.d/net",
          "/etc/network/interfaces",
          "/etc/NetworkManager/NetworkManager.conf",
          "/boot/grub/grub.cfg",
          "/boot/grub2/grub.cfg",
          "/boot/grub/custom.cfg",
          "/boot/grub2/custom.cfg",
          "/boot/grub/device.map",
          "/boot/grub2/device.map",
          "/boot/grub/grubenv",
          "/boot/grub2/grubenv",
          "/boot/grub/default",
          "/boot/grub/menu.lst",
          "/boot/grub/grub.conf",
          "/boot/loader/loader.conf",
          "/boot/efi/loader/loader.conf",
          "/boot/extlinux.conf",
          "/boot/syslinux.cfg",
          "/extlinux.conf",
          "/syslinux.cfg",
          "/etc/default/u-boot",
          "/etc/default/extlinux");

  /** All files directly or deeper below these are read. */
  public static final List<String> FOLDERS =
      List.of(
          "/etc/network/interfaces.d",
          "/etc/netplan",
          "/etc/systemd/network",
          "/etc/NetworkManager/system-connections",
          "/etc/NetworkManager/conf.d",
          "/etc/sysconfig/network-scripts",
          "/etc/sysconfig/network",
          "/etc/netctl",
          "/etc/udev/rules.d",
          "/etc/modprobe.d",
          "/etc/default/grub.d",
          "/etc/dracut.conf.d",
          "/etc/mkinitcpio.conf.d",
          "/etc/mkinitcpio.d",
          "/etc/cmdline.d");

  /** Of those directly or deeper below these, what a boot loader reads. */
  public static final List<String> BOOT_FOLDERS =
      List.of(
          "/boot/loader/entries",
          "/boot/efi/loader/entries",
          "/boot/extlinux",
          "/boot/syslinux",
          "/boot/EFI/Linux");

  /** The same on the EFI system partition, wherever it is mounted. */
  public static final List<String> EFI_FOLDERS =
      List.of(
          "/EFI",
          "/loader/entries",
          "/loader/addons",
          "/loader/credentials",
          "/extlinux",
          "/syslinux",
          "/grub",
          "/grub2",
          "/boot/grub",
          "/boot/grub2");

  /** And the files at its top. */
  public static final List<String> EFI_FILES =
      List.of(
          "/syslinux.cfg",
          "/extlinux.conf",
          "/refind_linux.conf",
          "/cmdline.txt",
          "/loader/loader.conf");

  /**
   * Folders of udev and systemd of which only {@link #names} is read. Files of theirs that say
   * nothing count as well: an empty one, or a link to {@code /dev/null}, hides another one.
   */
  public static final List<String> NAMING_FOLDERS =
      List.of(
          "/usr/local/lib/udev/rules.d",
          "/usr/lib/udev/rules.d",
          "/lib/udev/rules.d",
          "/usr/lib/systemd/network",
          "/lib/systemd/network");

  private static final Pattern NAMING_FILE =
      Pattern.compile("[^/\\n]{0,100}net[^/\\n]{0,100}\\.rules|[^/\\n]{1,100}\\.link");

  /**
   * Of the files in one of {@link #NAMING_FOLDERS} those that may name network cards; the first one
   * if there is none, which shows that the folder is in use.
   */
  public static List<String> names(List<String> inFolder) {
    List<String> naming =
        inFolder.stream().filter(name -> NAMING_FILE.matcher(name).matches()).toList();
    return naming.isEmpty() ? inFolder.stream().limit(1).toList() : naming;
  }

  /** Whether a file hides another one of its name even if it is empty. */
  public static boolean hides(String file) {
    return (file.startsWith("/etc/udev/rules.d/") || file.startsWith("/etc/systemd/network/"))
            && (file.endsWith(".rules") || file.endsWith(".link"))
        || NAMING_FOLDERS.stream().anyMatch(folder -> file.startsWith(folder + "/"));
  }

  private GuestFilesOfInterest() {}
}
