package io.hyper2kvm.stage.label;

import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.stage.inspect.GuestFacts;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Which of a guest's files are looked at for their labels. */
final class LabelledPaths {

  /** Everything below it is looked at: the guest's own tools write there. */
  static final String BOOT = "/boot";

  /** Those that hold extended attributes. */
  private static final Set<String> LABELLED_TYPES =
      Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "jfs", "reiserfs");

  /** Hundreds of files that no tool writes when it writes the configuration. */
  private static final Pattern PARTS_OF_GRUB =
      Pattern.compile("^/boot/grub2?/(i386-pc|x86_64-efi|i386-efi|locale|fonts|themes)/");

  private static final int MAX_BOOT_FILES = 300;

  private final GuestFacts guest;

  LabelledPaths(GuestFacts guest) {
    this.guest = guest;
  }

  /** The paths with all the folders above them, but for those that hold no labels. */
  Set<String> withFolders(Collection<String> paths) {
    Set<String> all = new TreeSet<>(Set.of("/"));
    for (String path : paths) {
      for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
        all.add(path.substring(0, end));
      }
    }
    all.removeIf(path -> !holdsLabels(path));
    return all;
  }

  /**
   * What is below {@link #BOOT}.
   *
   * @param listing what {@code find} said of it
   */
  Set<String> inBoot(String listing) {
    Set<String> files = new TreeSet<>();
    for (String line : listing.split("\n")) {
      String path = BOOT + (line.startsWith("/") ? line : "/" + line);
      boolean isName = !line.isEmpty() && line.indexOf('\ufffd') < 0;
      if (isName && holdsLabels(path) && !PARTS_OF_GRUB.matcher(path).find()) {
        files.add(path);
      }
      if (files.size() == MAX_BOOT_FILES) {
        break;
      }
    }
    return files;
  }

  /** Whether the file system of a path holds attributes: that of an EFI partition does not. */
  boolean holdsLabels(String path) {
    String device = guest.mounts().getOrDefault(guest.mountPoint(path), "");
    return guest.disks().partitions().stream()
        .filter(partition -> partition.device().equals(device))
        .map(GuestPartition::fsType)
        .anyMatch(LABELLED_TYPES::contains);
  }
}
