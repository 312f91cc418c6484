package io.hyper2kvm.doctor;

import java.util.Objects;

/**
 * What a check found.
 *
 * @param subject what was looked at, in a word or two
 * @param level whether it will do
 * @param found what is there
 * @param advice what to do; empty when there is nothing to do
 */
public record Finding(String subject, Level level, String found, String advice) {

  /** Whether it will do. */
  public enum Level {
    /** As it should be. */
    OK,
    /** The work can be done, but not as well as it could be. */
    WARN,
    /** Manifests will fail, or the daemon will not start. */
    FAIL
  }

  public Finding {
    Objects.requireNonNull(level, "level");
    if (subject.isBlank() || found.isBlank()) {
      throw new IllegalArgumentException("a finding without words: " + subject);
    }
    if (level != Level.OK && advice.isBlank()) {
      throw new IllegalArgumentException("a finding without advice: " + subject);
    }
  }

  /** All is well. */
  public static Finding ok(String subject, String found) {
    return new Finding(subject, Level.OK, found, "");
  }

  /** The work can be done, but not as well as it could be. */
  public static Finding warn(String subject, String found, String advice) {
    return new Finding(subject, Level.WARN, found, advice);
  }

  /** The work cannot be done. */
  public static Finding fail(String subject, String found, String advice) {
    return new Finding(subject, Level.FAIL, found, advice);
  }
}
