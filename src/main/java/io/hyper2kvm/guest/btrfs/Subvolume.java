package io.hyper2kvm.guest.btrfs;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A subvolume of a btrfs.
 *
 * @param id its number; {@link #TOP_ID} for the file system's own top level
 * @param path where it lies below the top level, without a slash at either end; empty for the top
 *     level itself
 */
public record Subvolume(long id, String path) {

  /** The number that btrfs gives the top level of each file system. */
  public static final long TOP_ID = 5;

  /** The top level, which holds all others. */
  public static final Subvolume TOP = new Subvolume(TOP_ID, "");

  /** Where snapper, timeshift, grub-btrfs and administrators put snapshots. */
  private static final Pattern SNAPSHOT =
      Pattern.compile("(?i)(?:.{0,4000}/)?[@._]{0,4}(?:btrfs[-_])?snapshots?/.{1,4000}");

  public Subvolume {
    Objects.requireNonNull(path, "path");
    if (id <= 0) {
      throw new IllegalArgumentException("no subvolume has the number " + id);
    }
  }

  /** How many folders lead to it; 0 for the top level. */
  int depth() {
    return path.isEmpty() ? 0 : (int) path.chars().filter(c -> c == '/').count() + 1;
  }

  /** Whether it lies where tools keep snapshots of others. */
  boolean isAmongSnapshots() {
    return SNAPSHOT.matcher(path).matches();
  }

  /** What an operator calls it. */
  public String words() {
    return path.isEmpty() ? "the top level" : "subvolume " + path;
  }
}
