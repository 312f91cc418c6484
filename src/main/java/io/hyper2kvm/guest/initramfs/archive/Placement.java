package io.hyper2kvm.guest.initramfs.archive;

import java.util.Arrays;
import java.util.Set;

/**
 * Finds the place of a new file. The unpacker removes what is there of another type, a symbolic
 * link like {@code lib -> usr/lib} too, and with it all that was reached through it: so a file goes
 * where the links lead, only missing directories are made, and what is in the way is an error.
 */
public final class Placement {

  private Placement() {}

  /**
   * The real path of a file that is to be at this path.
   *
   * @param missing gets the directories that must be made first
   */
  public static String of(RootfsTree tree, String path, Set<String> missing)
      throws InitramfsFormatException {
    boolean leadsElsewhere =
        path.isEmpty()
            || path.length() > 1024
            || path.indexOf(0) >= 0
            || path.endsWith("/")
            || Arrays.stream(path.split("/"))
                .anyMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    if (leadsElsewhere) {
      throw InitramfsFormatException.blocked(CpioReader.printable(path), "no plain relative path");
    }
    String real =
        tree.resolveMissing(path)
            .filter(found -> !found.isEmpty())
            .orElseThrow(
                () ->
                    InitramfsFormatException.blocked(
                        CpioReader.printable(path), "its directories are no directories"));
    InitramfsEntry old = tree.entries().get(real);
    if (tree.isDirectory(real) || old != null && !old.isRegular()) {
      throw InitramfsFormatException.blocked(
          CpioReader.printable(path), "something that is no regular file is in its place");
    }
    for (int slash = real.indexOf('/'); slash >= 0; slash = real.indexOf('/', slash + 1)) {
      String parent = real.substring(0, slash);
      if (!tree.isDirectory(parent)) {
        missing.add(parent);
      }
    }
    return real;
  }
}
