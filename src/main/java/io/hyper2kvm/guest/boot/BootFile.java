package io.hyper2kvm.guest.boot;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a file of a guest's boot configuration is. Names are compared without case, since those on
 * an EFI system partition have none.
 */
public enum BootFile {
  /** Settings from which grub-mkconfig writes. */
  GRUB_DEFAULTS,
  /** Menu entries of GRUB, of GRUB legacy, or a stub that leads to them. */
  GRUB_CONFIG,
  /** GRUB's environment block. */
  GRUB_ENVIRONMENT,
  /** GRUB's table of disks. */
  DEVICE_MAP,
  /** An entry of the boot loader specification, for systemd-boot or GRUB. */
  BLS_ENTRY,
  /** Nothing but a kernel command line. */
  COMMAND_LINE,
  /** Settings of ukify, which may hold the command line of unified kernel images to come. */
  UKIFY,
  /** A configuration of dracut, which may hold a kernel command line. */
  DRACUT,
  /** Menu entries of syslinux and its kin. */
  SYSLINUX,
  /** Settings from which Alpine or Debian writes such entries. */
  EXTLINUX_DEFAULTS,
  /** Command lines that rEFInd gives to the kernels beside them. */
  REFIND_LINUX,
  /** Menu entries of rEFInd. */
  REFIND,
  /** What LILO has been installed from, or what ELILO reads. */
  LILO,
  /** The command line inside a unified kernel image. */
  UNIFIED_KERNEL;

  private static final Set<BootFile> ENTRIES =
      Set.of(GRUB_CONFIG, BLS_ENTRY, SYSLINUX, REFIND_LINUX, REFIND, LILO, UNIFIED_KERNEL);
  private static final Set<String> GRUB_NAMES =
      Set.of("grub.cfg", "custom.cfg", "menu.lst", "grub.conf");
  private static final Set<String> COMMAND_LINES =
      Set.of("/etc/kernel/cmdline", "/usr/lib/kernel/cmdline");
  private static final Set<String> SYSLINUX_NAMES =
      Set.of("extlinux.conf", "syslinux.cfg", "isolinux.cfg");

  /**
   * The kind of a file; empty for one that is no boot configuration.
   *
   * @param path absolute path in the guest
   */
  public static Optional<BootFile> of(String path) {
    return Optional.ofNullable(
        path.startsWith("/etc/") || path.startsWith("/usr/")
            ? ofSettings(path)
            : ofBoot(path.toLowerCase(Locale.ROOT)));
  }

  /** Whether a boot loader finds something to boot in such a file, or is led on by it. */
  public static boolean isEntry(String path) {
    boolean addition = path.startsWith("/etc/grub.d/") || path.endsWith("/custom.cfg");
    return !addition && of(path).filter(ENTRIES::contains).isPresent();
  }

  /** Whether it is GRUB legacy's; beside a newer GRUB's it is what an upgrade left behind. */
  public static boolean isLegacy(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    return name.equals("menu.lst") || name.equals("grub.conf");
  }

  /** Whether syslinux, or one of its kin, begins with a file of that name in lower case. */
  static boolean isSyslinuxMain(String name) {
    return SYSLINUX_NAMES.contains(name);
  }

  private static BootFile ofSettings(String path) {
    if (path.equals(GrubDefaults.FILE)
        || (path.startsWith("/etc/default/grub.d/") && path.endsWith(".cfg"))) {
      return GRUB_DEFAULTS;
    }
    if (COMMAND_LINES.contains(path)
        || (path.startsWith("/etc/cmdline.d/") && path.endsWith(".conf"))) {
      return COMMAND_LINE;
    }
    if (path.equals("/etc/dracut.conf")
        || (path.startsWith("/etc/dracut.conf.d/") && path.endsWith(".conf"))) {
      return DRACUT;
    }
    return switch (path) {
      case "/etc/grub.d/40_custom" -> GRUB_CONFIG;
      case "/etc/update-extlinux.conf", "/etc/default/u-boot", "/etc/default/extlinux" ->
          EXTLINUX_DEFAULTS;
      case "/etc/lilo.conf" -> LILO;
      case "/etc/kernel/uki.conf", "/usr/lib/kernel/uki.conf", "/etc/systemd/ukify.conf" -> UKIFY;
      default -> null;
    };
  }

  private static BootFile ofBoot(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (path.contains("/loader/entries/")) {
      return name.endsWith(".conf") ? BLS_ENTRY : null;
    }
    if (GRUB_NAMES.contains(name)) {
      return GRUB_CONFIG;
    }
    boolean syslinuxFolder = path.contains("/extlinux/") || path.contains("/syslinux/");
    if (SYSLINUX_NAMES.contains(name)
        || (syslinuxFolder && (name.endsWith(".cfg") || name.endsWith(".conf")))) {
      return SYSLINUX;
    }
    if (name.endsWith(".efi")) {
      return path.contains("/efi/linux/") ? UNIFIED_KERNEL : null;
    }
    return switch (name) {
      case "grubenv", "photon.cfg" -> GRUB_ENVIRONMENT;
      case "device.map" -> DEVICE_MAP;
      case "cmdline.txt" -> COMMAND_LINE;
      case "refind_linux.conf" -> REFIND_LINUX;
      case "refind.conf" -> REFIND;
      case "elilo.conf" -> LILO;
      default -> null;
    };
  }
}
