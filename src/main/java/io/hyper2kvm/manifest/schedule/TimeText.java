package io.hyper2kvm.manifest.schedule;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time as a manifest writes it: a time of day, {@code 22:00}, or a moment with its offset from
 * UTC, as RFC 3339 has it.
 *
 * @param ofDay the time of day
 * @param moment the moment; one of the two is there
 */
public record TimeText(Optional<LocalTime> ofDay, Optional<OffsetDateTime> moment) {

  /** A text that is no time. */
  public static final class MalformedException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient Optional<String> suggestion;

    private MalformedException(String message, Optional<String> suggestion) {
      super(message);
      this.suggestion = suggestion;
    }

    private static MalformedException because(String message) {
      return new MalformedException(message, Optional.empty());
    }

    private static MalformedException because(String message, String suggestion) {
      return new MalformedException(message, Optional.of(suggestion));
    }

    /** What to write instead. */
    public Optional<String> suggestion() {
      return suggestion;
    }
  }

  /** No time is longer. */
  private static final int LONGEST = 64;

  private static final String WANTED =
      "must be a time of day such as \"22:00\", or a time with its offset such as"
          + " \"2026-11-28T22:00:00+01:00\"";

  private static final Pattern OF_DAY = Pattern.compile("([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?");
  private static final Pattern MOMENT =
      Pattern.compile(
          "([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\\.[0-9]{1,9})?)?)"
              + "([Zz]|[+-][0-9]{2}:[0-9]{2})?");
  private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

  /**
   * Reads a time.
   *
   * @throws MalformedException when it is none; the message goes on from the key's name
   */
  public static TimeText parse(String text) throws MalformedException {
    if (text.length() > LONGEST) {
      throw MalformedException.because(WANTED);
    }
    Matcher day = OF_DAY.matcher(text);
    if (day.matches()) {
      return new TimeText(Optional.of(timeOfDay(day)), Optional.empty());
    }
    Matcher moment = MOMENT.matcher(text);
    if (moment.matches()) {
      return new TimeText(Optional.empty(), Optional.of(moment(moment)));
    }
    if (DATE.matcher(text).matches()) {
      throw MalformedException.because(
          "must say a time of that day, too, with its offset",
          "Write \"%sT22:00:00+01:00\", with the time and the offset that you mean."
              .formatted(text));
    }
    throw MalformedException.because(WANTED);
  }

  private static LocalTime timeOfDay(Matcher found) throws MalformedException {
    String hour = found.group(1);
    if (hour.length() == 1) {
      throw MalformedException.because(
          "must have two digits for the hour", "Write \"0%s\".".formatted(found.group()));
    }
    if (hour.equals("24")) {
      throw MalformedException.because(
          "must be within \"00:00\" and \"23:59\"", "Write \"00:00\" for midnight.");
    }
    try {
      return LocalTime.parse(found.group());
    } catch (DateTimeException e) {
      throw MalformedException.because("must be within \"00:00\" and \"23:59\"");
    }
  }

  private static OffsetDateTime moment(Matcher found) throws MalformedException {
    LocalDate date;
    LocalTime time;
    try {
      date = LocalDate.parse(found.group(1));
      time = LocalTime.parse(found.group(2));
    } catch (DateTimeException e) {
      throw MalformedException.because("must be a time that there is");
    }
    String offset = found.group(3);
    if (offset == null) {
      throw MalformedException.because(
          "must say its offset from UTC",
          "Write \"%sT%s+01:00\" with your offset, or \"Z\" in its place for UTC."
              .formatted(found.group(1), found.group(2)));
    }
    try {
      return OffsetDateTime.of(date, time, ZoneOffset.of(offset.toUpperCase(Locale.ROOT)));
    } catch (DateTimeException e) {
      throw MalformedException.because("must have an offset within \"-18:00\" and \"+18:00\"");
    }
  }
}
