package io.hyper2kvm.config;

import io.hyper2kvm.text.NearestWord;
import io.hyper2kvm.text.Printable;
import java.util.Collection;
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

  /** Of a key or a value, in characters. */
  private static final int LONGEST = 200;

  public ConfigProblem {
    Objects.requireNonNull(allowed, "allowed");
    where = Printable.line(where);
    // A mistaken value may be a whole pasted file: its beginning tells enough.
    key = Printable.line(key, LONGEST);
    found = Printable.line(found, LONGEST);
  }

  /**
   * A name that is none: what is allowed is the one that was meant, or all there are.
   *
   * @param what what kind of name it is, with its article
   * @param names the ones there are
   */
  static ConfigProblem unknown(String where, String name, String what, Collection<String> names) {
    String allowed =
        NearestWord.among(names, name)
            .map(nearest -> "did you mean " + nearest + "?")
            .orElseGet(() -> String.join(", ", names));
    return new ConfigProblem(where, name, what, allowed);
  }

  /** The problem in one line. */
  @Override
  public String toString() {
    return "%s: %s: found %s; allowed: %s".formatted(where, key, found, allowed);
  }
}
