package io.hyper2kvm.guest.initramfs.archive;

import java.util.Objects;

/**
 * One file, directory, link or node that the unpacked initramfs holds.
 *
 * @param path where it really is, symbolic links followed, without a leading slash
 * @param mode type and permissions as in {@code stat}
 * @param size content in bytes; 0 for all but regular files
 * @param linkTarget what a symbolic link says; empty for all others
 */
public record InitramfsEntry(String path, int mode, long size, String linkTarget) {

  static final int TYPE_MASK = 0xf000;
  static final int DIRECTORY = 0x4000;
  static final int REGULAR = 0x8000;
  static final int SYMLINK = 0xa000;

  /** Checks what the reader guarantees. */
  public InitramfsEntry {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(linkTarget, "linkTarget");
    if (size < 0) {
      throw new IllegalArgumentException("size is negative: " + size);
    }
  }

  /** Whether it is a directory. */
  public boolean isDirectory() {
    return (mode & TYPE_MASK) == DIRECTORY;
  }

  /** Whether it is a regular file. */
  public boolean isRegular() {
    return (mode & TYPE_MASK) == REGULAR;
  }

  /** Whether it is a symbolic link. */
  public boolean isSymlink() {
    return (mode & TYPE_MASK) == SYMLINK;
  }
}
