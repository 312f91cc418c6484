package io.hyper2kvm.guest.state;

/** Unsigned numbers in blocks of a guest; what is beyond the end of a block counts as 0. */
final class LittleEndian {

  private LittleEndian() {}

  static int u16(byte[] block, int at) {
    return at + 2 > block.length ? 0 : (block[at] & 0xff) | (block[at + 1] & 0xff) << 8;
  }

  static long u32(byte[] block, int at) {
    return u16(block, at) | (long) u16(block, at + 2) << 16;
  }

  /** The bits of a 64-bit number. */
  static long u64(byte[] block, int at) {
    return u32(block, at) | u32(block, at + 4) << 32;
  }
}
