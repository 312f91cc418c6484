package io.hyper2kvm.image.ova.container;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * The fields of one header block that matter here; POSIX.1-1988 (ustar), with the GNU form of large
 * numbers.
 *
 * @param name with the ustar prefix, as far as it fits into the block
 * @param size of the data behind the header, in bytes; empty when the field is no number
 * @param type the type flag; NUL in archives from before POSIX
 */
record TarHeader(String name, OptionalLong size, char type) {

  static final int BLOCK = 512;

  private static final int CHECKSUM_AT = 148;

  static boolean isZero(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether the block's own sum is right; some old writers added the bytes with their signs. */
  static boolean hasRightChecksum(byte[] block) {
    long unsigned = 0;
    long signed = 0;
    for (int i = 0; i < BLOCK; i++) {
      byte b = i >= CHECKSUM_AT && i < CHECKSUM_AT + 8 ? (byte) ' ' : block[i];
      unsigned += Byte.toUnsignedInt(b);
      signed += b;
    }
    OptionalLong stated = number(block, CHECKSUM_AT, 8);
    return stated.isPresent() && (stated.getAsLong() == unsigned || stated.getAsLong() == signed);
  }

  static TarHeader parse(byte[] block) {
    String name = text(block, 0, 100);
    // GNU's own magic has a blank here, and other things where POSIX has the prefix.
    boolean posix = "ustar".equals(text(block, 257, 6));
    String prefix = posix ? text(block, 345, 155) : "";
    return new TarHeader(
        prefix.isEmpty() ? name : prefix + "/" + name,
        number(block, 124, 12),
        (char) Byte.toUnsignedInt(block[156]));
  }

  /** Octal digits between blanks or NULs, or, with the first bit set, a binary number. */
  private static OptionalLong number(byte[] block, int at, int length) {
    if ((block[at] & 0x80) != 0) {
      return binary(block, at, length);
    }
    String digits =
        new String(block, at, length, StandardCharsets.ISO_8859_1).replace('\0', ' ').strip();
    if (!digits.matches("[0-7]{1,12}")) {
      return digits.isEmpty() ? OptionalLong.of(0) : OptionalLong.empty();
    }
    return OptionalLong.of(Long.parseLong(digits, 8));
  }

  private static OptionalLong binary(byte[] block, int at, int length) {
    // The second bit is the sign.
    if ((block[at] & 0x7f) != 0) {
      return OptionalLong.empty();
    }
    long value = 0;
    for (int i = at + 1; i < at + length; i++) {
      if (value > Long.MAX_VALUE >> 8) {
        return OptionalLong.empty();
      }
      value = value << 8 | Byte.toUnsignedInt(block[i]);
    }
    return OptionalLong.of(value);
  }

  private static String text(byte[] block, int at, int length) {
    return text(Arrays.copyOfRange(block, at, at + length));
  }

  /** Up to the first NUL. */
  static String text(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }
}
