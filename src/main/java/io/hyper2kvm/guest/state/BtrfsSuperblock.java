package io.hyper2kvm.guest.state;

import static io.hyper2kvm.guest.state.LittleEndian.u64;

import io.hyper2kvm.guest.state.FileSystemState.Kind;

/** The first superblock of btrfs, which begins at byte 65536. */
public final class BtrfsSuperblock {

  /** Where it begins, in bytes. */
  public static final int OFFSET = 64 << 10;

  /** As much of it as is read here, in bytes. */
  public static final int BYTES = 512;

  /** {@code _BHRfS_M}. */
  private static final long MAGIC = 0x4d5f53665248425fL;

  private BtrfsSuperblock() {}

  /**
   * The state of a file system: a tree of logs is replayed when it is mounted.
   *
   * @param block what was read; any bytes
   */
  public static FileSystemState state(byte[] block) {
    if (block.length < BYTES || u64(block, 0x40) != MAGIC) {
      return FileSystemState.NOT_KNOWN;
    }
    return u64(block, 0x60) != 0
        ? new FileSystemState(Kind.JOURNAL, "its log tree is to be replayed")
        : new FileSystemState(Kind.CLEAN, "");
  }
}
