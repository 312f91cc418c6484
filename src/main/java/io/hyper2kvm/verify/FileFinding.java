package io.hyper2kvm.verify;

import java.util.Locale;
import java.util.Objects;

/**
 * What became of one file.
 *
 * @param name without its folder; as somebody may have written it
 * @param state how it is
 * @param detail what was found and what was expected; empty where it is as it should be
 */
public record FileFinding(String name, State state, String detail) {

  /** How a file is. */
  public enum State {
    /** As it was signed, or recorded. */
    OK,
    /** Other bytes than it had. */
    CHANGED,
    /** Not there. */
    MISSING,
    /** A link, a folder or a device in its place. */
    REPLACED,
    /** It is there, and cannot be read. */
    UNREADABLE;

    /** Lower case, for programs. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public FileFinding {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(detail, "detail");
  }

  static FileFinding ok(String name) {
    return new FileFinding(name, State.OK, "");
  }

  boolean isOk() {
    return state == State.OK;
  }
}
