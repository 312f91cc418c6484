package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.guest.btrfs.MountedSubvolumes;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.distribution.Release;
import io.hyper2kvm.guest.windows.WindowsRelease;
import io.hyper2kvm.text.Printable;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The facts about a guest that INSPECT found. Unknown texts are empty.
 *
 * @param os {@code linux}, {@code windows} or {@code unknown}
 * @param release the keys of the guest's os-release, or the same made of a Windows's registry
 * @param hostname the guest's name
 * @param architecture the processor its programs are for, e.g. {@code x86_64}
 * @param firmware {@code bios} or {@code uefi}
 * @param bootDisk the index of the disk that the firmware starts the guest from
 * @param bootLoader {@code grub2}, {@code grub-legacy}, {@code systemd-boot}, {@code extlinux},
 *     {@code refind} or {@code lilo}; {@code unknown} if there is a loader or a kernel without a
 *     known configuration, {@code none} if there is neither
 * @param initramfsTool {@code initramfs-tools}, {@code dracut}, {@code mkinitcpio}, {@code
 *     mkinitfs} or empty
 * @param packageDatabase where its package manager keeps what is installed: {@code dpkg}, {@code
 *     rpm (sqlite)}, {@code pacman} and so on, or empty
 * @param systemd whether systemd is the guest's init
 * @param disks all block devices, with the root file system
 * @param mounts mount point to device, as mounted in the appliance
 * @param subvolumes which of these are subvolumes of a btrfs
 * @param kernels the installed kernels
 * @param unmatchedKernels the kernel images whose modules are not known
 * @param texts the guest's configuration files by path, one character for each byte
 */
public record GuestFacts(
    String os,
    Map<String, String> release,
    String hostname,
    String architecture,
    String firmware,
    int bootDisk,
    String bootLoader,
    String initramfsTool,
    String packageDatabase,
    boolean systemd,
    GuestDisks disks,
    Map<String, String> mounts,
    MountedSubvolumes subvolumes,
    List<Kernel> kernels,
    List<String> unmatchedKernels,
    SortedMap<String, String> texts) {

  /**
   * A kernel that can be booted.
   *
   * @param version its name below {@code /lib/modules}
   * @param image its path
   * @param initramfs its initramfs's path; empty when it has none
   */
  public record Kernel(String version, String image, String initramfs) {}

  public GuestFacts {
    Objects.requireNonNull(os, "os");
    release = Map.copyOf(release);
    kernels = List.copyOf(kernels);
    unmatchedKernels = List.copyOf(unmatchedKernels);
    texts = new TreeMap<>(texts);
  }

  /** What a Windows's registry says, as the keys of an os-release, made printable. */
  static Map<String, String> keys(WindowsRelease windows) {
    Map<String, String> keys = new LinkedHashMap<>();
    windows.keys().forEach((key, value) -> keys.put(key, Printable.guestLine(value)));
    return keys;
  }

  /** Why there is nothing of its boot to fix: it comes in images. Empty where something may be. */
  public Optional<String> comesInImages() {
    return Release.of(release).family().comesInImages()
        ? Optional.of(
            "the menu, the kernels and the initramfs of %s come in images, which are the same on every platform and are not changed in a guest"
                .formatted(release.getOrDefault("ID", "")))
        : Optional.empty();
  }

  /** Whether it is a Linux guest that the fixes know their way around in. */
  public boolean isLinux() {
    return os.equals("linux");
  }

  /** The mount point that a file lies below; {@code /} when it is not known. */
  public String mountPoint(String file) {
    return mounts.keySet().stream()
        .filter(point -> point.equals(file) || file.startsWith(point + "/"))
        .max(Comparator.comparingInt(String::length))
        .orElse("/");
  }

  /** The distribution's id, e.g. {@code debian}. */
  public String distribution() {
    return release.getOrDefault("ID", "");
  }

  /** The edition of a Windows, e.g. {@code ServerStandard}; empty for another system. */
  public String edition() {
    return release.getOrDefault("EDITION_ID", "");
  }

  /** What an operator calls the system, e.g. {@code Debian GNU/Linux 12 (bookworm)}. */
  public String prettyName() {
    String name = release.getOrDefault("PRETTY_NAME", "");
    return name.isEmpty() ? os : name;
  }
}
