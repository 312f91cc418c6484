package io.hyper2kvm.guest.selinux;

import java.util.Optional;

/** The kind of a file, as a policy's contexts tell them apart. */
public enum FileKind {
  FILE('-', 0100000),
  DIRECTORY('d', 0040000),
  LINK('l', 0120000),
  BLOCK_DEVICE('b', 0060000),
  CHARACTER_DEVICE('c', 0020000),
  PIPE('p', 0010000),
  SOCKET('s', 0140000);

  private static final int MASK = 0170000;

  private final char letter;
  private final int bits;

  FileKind(char letter, int bits) {
    this.letter = letter;
    this.bits = bits;
  }

  /** The kind by a file's mode as {@code lstat} tells it; empty when the bits mean none. */
  public static Optional<FileKind> ofMode(long mode) {
    for (FileKind kind : values()) {
      if ((mode & MASK) == kind.bits) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /** The kind that a line of contexts means by {@code --}, {@code -d} and so on. */
  static Optional<FileKind> ofWord(String word) {
    for (FileKind kind : values()) {
      if (word.length() == 2 && word.charAt(0) == '-' && word.charAt(1) == kind.letter) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
