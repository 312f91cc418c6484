package io.hyper2kvm.cli.output;

import io.hyper2kvm.report.Savings;
import io.hyper2kvm.text.Printable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Quantities and foreign text as a person reads them on a terminal. */
public final class Words {

  private Words() {}

  /** {@code 148.3 MiB}. */
  static String size(long bytes) {
    if (bytes < 1 << 10) {
      return bytes + " bytes";
    }
    double value = bytes;
    int unit = -1;
    while (value >= 1024 && unit < 3) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %siB", value, "KMGT".charAt(unit));
  }

  /** Such as {@code 10.0 GiB as the guest sees it, 1.9 GiB of data, 640.0 MiB on disk}. */
  public static String savings(Savings savings) {
    List<String> parts = new ArrayList<>();
    parts.add(size(savings.virtualSize()) + " as the guest sees it");
    savings.sourceData().ifPresent(bytes -> parts.add(size(bytes) + " of data"));
    savings
        .trimmed()
        .ifPresent(bytes -> parts.add(size(bytes) + " of it given back by deleted blocks"));
    parts.add(size(savings.outputSize()) + " written");
    savings.outputAllocated().ifPresent(bytes -> parts.add(size(bytes) + " on disk"));
    return String.join(", ", parts);
  }

  /** {@code 0.3 s}, {@code 3m 4s}, {@code 2h 5m}. */
  static String time(double seconds) {
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? "%dm %ds".formatted(whole / 60, whole % 60)
        : "%dh %dm".formatted(whole / 3600, whole % 3600 / 60);
  }

  /** {@code 0:02:11}; what is negative, by a clock that was set, is none. */
  public static String elapsed(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    return "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  /**
   * Text of a guest or a tool: what would move the cursor or colour the screen is a question mark.
   */
  public static String harmless(String text) {
    return Printable.replaced(text.replace("\t", "    "), '?');
  }
}
