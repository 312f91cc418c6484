package io.hyper2kvm.guest.state;

/** Superblocks as they lie on a disk. */
public final class Superblock {

  private Superblock() {}

  /** Writes a number, its lowest byte first. */
  public static void put(byte[] block, int at, long number, int bytes) {
    for (int i = 0; i < bytes; i++) {
      block[at + i] = (byte) (number >> 8 * i);
    }
  }

  /** The superblock of an ext file system, 1024 bytes. */
  public static byte[] ext(int state, int compatible, int incompatible, int errors) {
    byte[] block = new byte[1024];
    put(block, 0x38, 0xef53, 2);
    put(block, 0x3a, state, 2);
    put(block, 0x5c, compatible, 4);
    put(block, 0x60, incompatible, 4);
    put(block, 0x194, errors, 4);
    return block;
  }

  /** The beginning of a device with such a file system. */
  public static byte[] extDevice(int state, int compatible, int incompatible, int errors) {
    byte[] device = new byte[2048];
    System.arraycopy(ext(state, compatible, incompatible, errors), 0, device, 1024, 1024);
    return device;
  }
}
