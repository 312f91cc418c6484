package io.hyper2kvm.manifest.model;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * What the stage FIX is asked to do. An empty part was not asked for; a part whose mode does
 * nothing ({@link FstabMode#NOOP}, {@link NetworkLevel#NONE}) was, and is reported as done.
 *
 * @param fstab which rows of {@code /etc/fstab} are rewritten
 * @param grub the boot loader's configuration
 * @param initramfs the initramfs of every kernel
 * @param network the guest's network configuration
 * @param guestTools the former hypervisor's tools; empty is as {@link GuestToolsMode#KEEP} where
 *     another part was asked for
 * @param windows the drivers of a Windows
 * @param firstboot the script that the guest runs once, at its first boot; absolute. A manifest has
 *     it beside {@code fix}, since it repairs nothing
 */
public record FixSpec(
    Optional<FstabMode> fstab,
    Optional<GrubFix> grub,
    Optional<InitramfsFix> initramfs,
    Optional<NetworkLevel> network,
    Optional<GuestToolsMode> guestTools,
    Optional<WindowsFix> windows,
    Optional<Path> firstboot) {

  /** No fix is asked for. */
  public static final FixSpec NOTHING =
      new FixSpec(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  public FixSpec {
    Objects.requireNonNull(fstab, "fstab");
    Objects.requireNonNull(grub, "grub");
    Objects.requireNonNull(initramfs, "initramfs");
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(guestTools, "guestTools");
    Objects.requireNonNull(windows, "windows");
    firstboot.ifPresent(
        script -> {
          if (!script.isAbsolute()) {
            throw new IllegalArgumentException("firstboot is not absolute: " + script);
          }
        });
  }

  /** The fixes of a Linux guest; nothing is asked for of a Windows. */
  public FixSpec(
      Optional<FstabMode> fstab,
      Optional<GrubFix> grub,
      Optional<InitramfsFix> initramfs,
      Optional<NetworkLevel> network,
      Optional<GuestToolsMode> guestTools) {
    this(fstab, grub, initramfs, network, guestTools, Optional.empty(), Optional.empty());
  }

  /** The same with another script for the first boot, or with none. */
  public FixSpec withFirstboot(Optional<Path> script) {
    return new FixSpec(fstab, grub, initramfs, network, guestTools, windows, script);
  }

  /** Whether anything of the guest is to be changed, also by a part that has nothing to do. */
  public boolean any() {
    return repairs() || firstboot.isPresent();
  }

  /** Whether a part of the manifest's {@code fix} was asked for. */
  public boolean repairs() {
    return fstab.isPresent()
        || grub.isPresent()
        || initramfs.isPresent()
        || network.isPresent()
        || windows.isPresent()
        || guestTools.filter(mode -> mode != GuestToolsMode.LEFT_ALONE).isPresent();
  }
}
