package io.hyper2kvm.guest.distribution;

import static io.hyper2kvm.guest.distribution.InitramfsTool.DRACUT;
import static io.hyper2kvm.guest.distribution.InitramfsTool.INITRAMFS_TOOLS;
import static io.hyper2kvm.guest.distribution.InitramfsTool.MKINITCPIO;
import static io.hyper2kvm.guest.distribution.InitramfsTool.MKINITFS;
import static io.hyper2kvm.guest.distribution.PackageDatabase.APK;
import static io.hyper2kvm.guest.distribution.PackageDatabase.DPKG;
import static io.hyper2kvm.guest.distribution.PackageDatabase.PACMAN;
import static io.hyper2kvm.guest.distribution.PackageDatabase.PORTAGE;
import static io.hyper2kvm.guest.distribution.PackageDatabase.RPM_BDB;
import static io.hyper2kvm.guest.distribution.PackageDatabase.RPM_NDB;
import static io.hyper2kvm.guest.distribution.PackageDatabase.RPM_SQLITE;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What the distributions of one descent have in common: paths, tools, and package databases. */
public enum Family {
  DEBIAN(List.of(GrubProgram.GRUB), List.of(INITRAMFS_TOOLS, DRACUT), List.of(DPKG)),
  RED_HAT(List.of(GrubProgram.GRUB2), List.of(DRACUT), List.of(RPM_SQLITE, RPM_BDB, RPM_NDB)),
  SUSE(List.of(GrubProgram.GRUB2), List.of(DRACUT), List.of(RPM_NDB, RPM_SQLITE, RPM_BDB)),
  /**
   * Its menu loads {@code photon.cfg}, a link that each kernel's package sets: a menu that
   * grub2-mkconfig writes would not follow the next kernel.
   */
  PHOTON(List.of(), List.of(DRACUT), List.of(RPM_SQLITE, RPM_BDB)),
  /** Microsoft's, which has the menu of GRUB's own program. */
  AZURE(List.of(GrubProgram.GRUB2), List.of(DRACUT), List.of(RPM_SQLITE, RPM_BDB)),
  ARCH(
      List.of(GrubProgram.GRUB_IN_BIN, GrubProgram.GRUB),
      List.of(MKINITCPIO, DRACUT),
      List.of(PACMAN)),
  ALPINE(List.of(GrubProgram.GRUB), List.of(MKINITFS, DRACUT), List.of(APK)),
  /** Its menu and its kernels come whole, in images; nothing in the guest writes them. */
  FLATCAR(List.of(), List.of(), List.of()),
  GENTOO(List.of(GrubProgram.GRUB_IN_BIN, GrubProgram.GRUB), List.of(DRACUT), List.of(PORTAGE)),
  /** Nothing is known: whatever is there is used. */
  GENERIC(
      List.of(GrubProgram.GRUB, GrubProgram.GRUB_IN_BIN, GrubProgram.GRUB2),
      List.of(InitramfsTool.values()),
      List.of(PackageDatabase.values()));

  private final List<GrubProgram> grub;
  private final List<InitramfsTool> initramfs;
  private final List<PackageDatabase> packages;

  Family(List<GrubProgram> grub, List<InitramfsTool> initramfs, List<PackageDatabase> packages) {
    this.grub = grub;
    this.initramfs = initramfs;
    this.packages = packages;
  }

  /** The programs that may write GRUB's menu anew, the likeliest first; none where none may. */
  public List<GrubProgram> grubPrograms() {
    return grub;
  }

  /** The tools that may build an initramfs, the family's own first. */
  public List<InitramfsTool> initramfsTools() {
    return initramfs;
  }

  /**
   * Whether its menu, its kernels and its initramfs come whole, in images that are the same on
   * every platform: no program of the guest writes any of them.
   */
  public boolean comesInImages() {
    return grub.isEmpty() && initramfs.isEmpty();
  }

  /** The network settings that something may read: without the forms of other families. */
  public Set<NetworkSettings> networkSettings() {
    Set<NetworkSettings> settings = EnumSet.allOf(NetworkSettings.class);
    if (this != GENERIC) {
      settings.removeIf(kind -> !kind.families().isEmpty() && !kind.families().contains(this));
    }
    return settings;
  }

  /** Where the package manager may keep what is installed, the newest form first. */
  public List<PackageDatabase> packageDatabases() {
    return packages;
  }
}
