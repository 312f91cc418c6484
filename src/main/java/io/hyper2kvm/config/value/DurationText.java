package io.hyper2kvm.config.value;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a span of time is written in the configuration: a whole number and its unit. */
public final class DurationText {

  /** How a duration is written; for error messages. */
  public static final String SYNTAX = "a whole number and its unit ms, s, m, h or d, like 90s";

  private static final Pattern TEXT = Pattern.compile("(\\d{1,18}) ?(ms|s|m|h|d)");

  private DurationText() {}

  /**
   * Reads a duration such as {@code 500ms}, {@code 90s}, {@code 5m} or {@code 12h}. A bare number
   * is refused, because its unit is a guess.
   *
   * @throws IllegalArgumentException if the text is no duration, or too long for a {@link Duration}
   */
  public static Duration parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a duration: " + text);
    }
    long number = Long.parseLong(matcher.group(1));
    try {
      return switch (matcher.group(2)) {
        case "ms" -> Duration.ofMillis(number);
        case "s" -> Duration.ofSeconds(number);
        case "m" -> Duration.ofMinutes(number);
        case "h" -> Duration.ofHours(number);
        default -> Duration.ofDays(number);
      };
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("too long a duration: " + text, e);
    }
  }

  /**
   * Writes a duration of whole milliseconds in the largest unit that keeps it a whole number;
   * {@link #parse} reads it back.
   */
  public static String format(Duration duration) {
    if (duration.getNano() != 0) {
      return duration.toMillis() + "ms";
    }
    long seconds = duration.toSeconds();
    if (seconds % 86_400 == 0 && seconds != 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds % 3_600 == 0 && seconds != 0) {
      return seconds / 3_600 + "h";
    }
    if (seconds % 60 == 0 && seconds != 0) {
      return seconds / 60 + "m";
    }
    return seconds + "s";
  }
}
