package io.hyper2kvm.image.ova.ovf;

import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Units of sizes in an OVF description: DMTF DSP0004's {@code byte * 2^20}, and the words that
 * older programs write.
 */
final class AllocationUnits {

  private static final Pattern PROGRAMMATIC =
      Pattern.compile("bytes?(?:\\s*\\*\\s*(\\d{1,4})\\s*\\^\\s*(\\d{1,2}))?");
  private static final Map<String, Integer> SHIFTS =
      Map.ofEntries(
          Map.entry("kb", 10),
          Map.entry("kilobyte", 10),
          Map.entry("kilobytes", 10),
          Map.entry("mb", 20),
          Map.entry("megabyte", 20),
          Map.entry("megabytes", 20),
          Map.entry("gb", 30),
          Map.entry("gigabyte", 30),
          Map.entry("gigabytes", 30),
          Map.entry("tb", 40),
          Map.entry("terabyte", 40),
          Map.entry("terabytes", 40));

  private AllocationUnits() {}

  /** One unit in bytes; empty when it is none that is known. */
  static OptionalLong bytes(String unit) {
    String word = unit.strip().toLowerCase(Locale.ROOT);
    Integer shift = SHIFTS.get(word);
    if (shift != null) {
      return OptionalLong.of(1L << shift);
    }
    Matcher matcher = PROGRAMMATIC.matcher(word);
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    long bytes = 1;
    if (matcher.group(1) != null) {
      long base = Long.parseLong(matcher.group(1));
      for (int i = Integer.parseInt(matcher.group(2)); i > 0; i--) {
        if (base == 0 || bytes > Long.MAX_VALUE / base) {
          return OptionalLong.empty();
        }
        bytes *= base;
      }
    }
    return OptionalLong.of(bytes);
  }

  /** A number of such units in bytes; empty when either is not understood, or beyond any size. */
  static OptionalLong bytes(String number, String unit) {
    OptionalLong one = bytes(unit);
    if (one.isEmpty() || !number.strip().matches("\\d{1,18}")) {
      return OptionalLong.empty();
    }
    long count = Long.parseLong(number.strip());
    return count > Long.MAX_VALUE / one.getAsLong()
        ? OptionalLong.empty()
        : OptionalLong.of(count * one.getAsLong());
  }
}
