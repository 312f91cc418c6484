package io.hyper2kvm.guest.windows;

import java.util.Objects;

/**
 * A file of a driver in a guest.
 *
 * @param size in bytes
 * @param architecture the processor that it is a program for, as Linux calls it; empty for a file
 *     that is no program, or one for another processor than those that Windows knows
 */
public record DriverFile(long size, String architecture) {

  private static final int AMD64 = 0x8664;
  private static final int I386 = 0x14c;
  private static final int ARM64 = 0xaa64;

  public DriverFile {
    Objects.requireNonNull(architecture, "architecture");
    if (size < 0) {
      throw new IllegalArgumentException("size is negative: " + size);
    }
  }

  /**
   * A file with a program's header.
   *
   * @param machine the processor's number in the header
   */
  public static DriverFile program(long size, int machine) {
    return new DriverFile(
        size,
        switch (machine) {
          case AMD64 -> "x86_64";
          case I386 -> "i386";
          case ARM64 -> "aarch64";
          default -> "";
        });
  }
}
