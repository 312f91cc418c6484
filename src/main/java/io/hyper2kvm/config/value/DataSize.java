package io.hyper2kvm.config.value;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of memory or disk.
 *
 * @param bytes the amount in bytes; zero or more
 */
public record DataSize(long bytes) implements Comparable<DataSize> {

  /** How a size is written; for error messages. */
  public static final String SYNTAX =
      "a whole number and its unit B, KiB, MiB, GiB or TiB (K, M, G, T mean the same), like 1280MiB";

  private static final Pattern TEXT = Pattern.compile("(\\d{1,19}) ?(B|[KMGT](?:iB)?)");
  private static final String UNITS = "BKMGT";

  public DataSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes is negative: " + bytes);
    }
  }

  /**
   * Reads a size such as {@code 1280MiB}, {@code 16M} or {@code 512B}. A bare number is refused,
   * because its unit is a guess, and so is {@code MB}, because half the world means 10^6 by it.
   *
   * @throws IllegalArgumentException if the text is no size, or more than {@link Long#MAX_VALUE}
   *     bytes
   */
  public static DataSize parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a size: " + text);
    }
    long factor = 1L << (10 * UNITS.indexOf(matcher.group(2).charAt(0)));
    try {
      return new DataSize(Math.multiplyExact(Long.parseLong(matcher.group(1)), factor));
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("too large a size: " + text, e);
    }
  }

  /** The size in whole MiB, rounded up; what QEMU and libguestfs are told. */
  public long mebibytes() {
    return (bytes >> 20) + ((bytes & ((1L << 20) - 1)) == 0 ? 0 : 1);
  }

  @Override
  public int compareTo(DataSize other) {
    return Long.compare(bytes, other.bytes);
  }

  /** The size in the largest unit that keeps it a whole number; {@link #parse} reads it back. */
  @Override
  public String toString() {
    int unit = 0;
    long number = bytes;
    while (unit < UNITS.length() - 1 && number != 0 && number % 1024 == 0) {
      number /= 1024;
      unit++;
    }
    return number + (unit == 0 ? "B" : UNITS.charAt(unit) + "iB");
  }
}
