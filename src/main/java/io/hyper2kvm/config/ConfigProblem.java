package io.hyper2kvm.config;

import java.util.Objects;

/**
 * One thing wrong with the configuration.
 *
 * @param where the file with line and column, the environment variable, or the flag
 * @param key the configuration key, or the unknown name as it was written
 * @param found what is there
 * @param allowed what may be there, or what to do
 */
public record ConfigProblem(String where, String key, String found, String allowed) {

  private static final int LONGEST = 200;

  public ConfigProblem {
    Objects.requireNonNull(allowed, "allowed");
    where = oneLine(where);
    key = shortened(oneLine(key));
    found = shortened(oneLine(found));
  }

  /** The problem in one line. */
  @Override
  public String toString() {
    return "%s: %s: found %s; allowed: %s".formatted(where, key, found, allowed);
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  /** A mistaken value may be a whole pasted file: its beginning tells enough. */
  private static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
  }
}
