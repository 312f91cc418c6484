package io.hyper2kvm.guest.boot.menu;

import java.util.List;
import java.util.Objects;

/**
 * One entry of a boot loader's menu.
 *
 * @param file the guest's file that it stands in
 * @param line its line there, from 1
 * @param names what a setting of the default may call it, the name to be written first; at least
 *     one
 * @param kernel the kernel's path as the loader names it; the image itself for a unified one; empty
 *     when it starts no kernel
 */
public record MenuEntry(String file, int line, List<String> names, String kernel) {

  public MenuEntry {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(kernel, "kernel");
    names = List.copyOf(names);
    if (names.isEmpty()) {
      throw new IllegalArgumentException("an entry without a name in " + file);
    }
  }

  /** The name that is written where it becomes the default. */
  String name() {
    return names.get(0);
  }

  /** Its place, for a sentence. */
  public String place() {
    return file + ":" + line;
  }

  /**
   * Whether it starts the kernel of that path. A loader counts paths from its own file system, or
   * from the root of a btrfs, so the ends are compared: all of the shorter path, or a file name
   * that has a version in it.
   *
   * @param image the kernel's path in the guest
   */
  public boolean starts(String image) {
    String[] own = steps(kernel.substring(kernel.lastIndexOf(')') + 1));
    String[] other = steps(image);
    int same = 0;
    while (same < Math.min(own.length, other.length)
        && own[own.length - 1 - same].equalsIgnoreCase(other[other.length - 1 - same])) {
      same++;
    }
    return same > 0
        && (same == Math.min(own.length, other.length)
            || own[own.length - 1].chars().anyMatch(Character::isDigit));
  }

  private static String[] steps(String path) {
    String plain = path.replace('\\', '/');
    int start = 0;
    while (start < plain.length() && plain.charAt(start) == '/') {
      start++;
    }
    return start == plain.length() ? new String[0] : plain.substring(start).split("/+");
  }
}
