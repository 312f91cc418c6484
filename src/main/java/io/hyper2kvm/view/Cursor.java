package io.hyper2kvm.view;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;

/**
 * A place in the list of all manifests, which stays where it is when manifests come and go.
 *
 * @param group {@link #RUNNING}, {@link #WAITING} or the day of the end
 * @param since since when the manifest is where it is
 * @param file its file's name
 */
record Cursor(String group, Instant since, String file) {

  /** Sorts before the days. */
  static final String RUNNING = "running";

  static final String WAITING = "waiting";

  private static final int LONGEST = 600;

  static Cursor of(String group, Placed placed) {
    return new Cursor(group, placed.since(), placed.job().file().name());
  }

  String text() {
    String plain = "%s %s %s".formatted(group, since, file);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(plain.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads what {@link #text} wrote.
   *
   * @throws IllegalArgumentException when it is anything else
   */
  static Cursor parse(String text) {
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException("too long");
    }
    String[] parts =
        new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(" ", 3);
    if (parts.length != 3 || rank(parts[0]) < 0) {
      throw new IllegalArgumentException("not a place in the list");
    }
    try {
      return new Cursor(parts[0], Instant.parse(parts[1]), parts[2]);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("not a place in the list", e);
    }
  }

  /** Whether it comes after another place. */
  boolean isBehind(Cursor other) {
    int order = Integer.compare(rank(group), rank(other.group));
    if (order == 0) {
      order = other.group.compareTo(group); // The later day comes first.
    }
    if (order == 0) {
      order = other.since.compareTo(since);
    }
    return order == 0 ? file.compareTo(other.file) > 0 : order > 0;
  }

  private static int rank(String group) {
    return switch (group) {
      case RUNNING -> 0;
      case WAITING -> 1;
      default -> group.matches("\\d{4}-\\d{2}-\\d{2}") ? 2 : -1;
    };
  }
}
