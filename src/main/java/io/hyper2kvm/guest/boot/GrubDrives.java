package io.hyper2kvm.guest.boot;

import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The drives in a {@code grub.cfg} that was written in the appliance, which does not always count
 * the disks as the guest does. They are where GRUB looks first, before it searches by UUID.
 */
public final class GrubDrives {

  private static final Pattern DRIVE = Pattern.compile("\\b(hd|ahci)[0-9]{1,3},");
  private static final Pattern ROOT = Pattern.compile("\\s*set\\s+root=['\"]?hd[0-9]{1,3},.*");

  private GrubDrives() {}

  /**
   * The same text, in which each search by UUID, and the root set before it, has its disk's number.
   */
  public static String numbered(String config, GuestDisks disks) {
    String[] lines = config.split("\n", -1);
    int root = -1;
    for (int i = 0; i < lines.length; i++) {
      if (ROOT.matcher(lines[i]).matches()) {
        root = i;
      }
      OptionalInt disk = searched(lines[i], disks);
      if (disk.isPresent()) {
        lines[i] = numbered(lines[i], disk.getAsInt());
        if (root >= 0) {
          lines[root] = numbered(lines[root], disk.getAsInt());
          root = -1;
        }
      }
    }
    return String.join("\n", lines);
  }

  private static String numbered(String line, int disk) {
    return DRIVE.matcher(line).replaceAll("$1" + disk + ",");
  }

  /**
   * The disk that a line searches; empty if it does not, or if the file system is on no one disk.
   */
  private static OptionalInt searched(String line, GuestDisks disks) {
    String[] words = line.strip().split("\\s+");
    if (!words[0].equals("search") || !line.contains("--fs-uuid")) {
      return OptionalInt.empty();
    }
    Optional<GuestPartition> found = disks.resolve("UUID=" + words[words.length - 1]);
    return found.stream().mapToInt(GuestPartition::disk).filter(disk -> disk >= 0).findFirst();
  }
}
