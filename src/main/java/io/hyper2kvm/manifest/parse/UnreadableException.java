package io.hyper2kvm.manifest.parse;

import java.util.Optional;

/** The text cannot be read any further; what was found before stays valid. */
public final class UnreadableException extends Exception {

  private final transient Position at;
  private final String found;
  private final String suggestion;

  public UnreadableException(Position at, String found, String message, String suggestion) {
    super(message);
    this.at = at;
    this.found = found;
    this.suggestion = suggestion;
  }

  public UnreadableException(Position at, String found, String message) {
    this(at, found, message, null);
  }

  /** Where the text cannot be read any further. */
  public Position at() {
    return at;
  }

  /** What to write instead, a sentence. */
  public Optional<String> suggestion() {
    return Optional.ofNullable(suggestion);
  }

  public void reportTo(Problems problems) {
    problems.add("", at, found, getMessage(), Optional.ofNullable(suggestion));
  }
}
