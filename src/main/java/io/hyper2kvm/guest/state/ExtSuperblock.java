package io.hyper2kvm.guest.state;

import static io.hyper2kvm.guest.state.LittleEndian.u16;
import static io.hyper2kvm.guest.state.LittleEndian.u32;

import io.hyper2kvm.guest.state.FileSystemState.Kind;
import java.time.Instant;

/**
 * The superblock of ext2, ext3 and ext4, as the kernel's documentation of ext4 lays it out: 1024
 * bytes that begin at byte 1024.
 */
public final class ExtSuperblock {

  /** Where it begins, in bytes. */
  public static final int OFFSET = 1024;

  /** Its length, in bytes. */
  public static final int BYTES = 1024;

  private static final int MAGIC = 0xef53;
  private static final int VALID = 1;
  private static final int ERROR = 2;
  private static final int HAS_JOURNAL = 4;
  private static final int RECOVER = 4;

  private final byte[] block;

  private ExtSuperblock(byte[] block) {
    this.block = block;
  }

  /**
   * The state of a file system.
   *
   * @param block what was read; any bytes
   */
  public static FileSystemState state(byte[] block) {
    return block.length == BYTES && u16(block, 0x38) == MAGIC
        ? new ExtSuperblock(block).state()
        : FileSystemState.NOT_KNOWN;
  }

  /** The number of inodes in use, which a check's time follows; 0 when it cannot be told. */
  public static long usedInodes(byte[] block) {
    return Math.max(0, u32(block, 0) - u32(block, 0x10));
  }

  private FileSystemState state() {
    int state = u16(block, 0x3a);
    long errors = u32(block, 0x194);
    if ((state & ERROR) != 0 || errors > 0) {
      return new FileSystemState(Kind.ERRORS, errors(errors));
    }
    boolean journal = (u32(block, 0x5c) & HAS_JOURNAL) != 0;
    if (journal && (u32(block, 0x60) & RECOVER) != 0) {
      return new FileSystemState(Kind.JOURNAL, "its journal is to be replayed");
    }
    if ((state & VALID) == 0) {
      return journal
          ? new FileSystemState(Kind.JOURNAL, "it was not unmounted")
          : new FileSystemState(Kind.NOT_UNMOUNTED, "it was not unmounted and has no journal");
    }
    return new FileSystemState(Kind.CLEAN, "");
  }

  private String errors(long count) {
    if (count == 0) {
      return "it is marked as having errors";
    }
    long last = u32(block, 0x1cc);
    return "its kernel counted %d errors%s"
        .formatted(count, last == 0 ? "" : ", the last at " + Instant.ofEpochSecond(last));
  }
}
