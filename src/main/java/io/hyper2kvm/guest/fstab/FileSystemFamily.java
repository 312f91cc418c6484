package io.hyper2kvm.guest.fstab;

import java.util.Map;

/** Which file system types one driver mounts, so that {@code ext3} may stand for {@code ext4}. */
final class FileSystemFamily {

  private static final Map<String, String> FAMILIES =
      Map.ofEntries(
          Map.entry("ext2", "ext"),
          Map.entry("ext3", "ext"),
          Map.entry("ext4", "ext"),
          Map.entry("xfs", "xfs"),
          Map.entry("btrfs", "btrfs"),
          Map.entry("vfat", "fat"),
          Map.entry("msdos", "fat"),
          Map.entry("fat", "fat"),
          Map.entry("swap", "swap"),
          Map.entry("f2fs", "f2fs"),
          Map.entry("jfs", "jfs"),
          Map.entry("reiserfs", "reiserfs"),
          Map.entry("ntfs", "ntfs"),
          Map.entry("ntfs3", "ntfs"),
          Map.entry("ntfs-3g", "ntfs"),
          Map.entry("crypto_LUKS", "luks"),
          Map.entry("LVM2_member", "lvm"));

  private FileSystemFamily() {}

  /** Whether both types are known and no driver mounts the one as the other. */
  static boolean differ(String one, String other) {
    String first = FAMILIES.get(one);
    String second = FAMILIES.get(other);
    return first != null && second != null && !first.equals(second);
  }
}
