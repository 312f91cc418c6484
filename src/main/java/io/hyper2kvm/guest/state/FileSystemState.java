package io.hyper2kvm.guest.state;

import java.util.Locale;
import java.util.Objects;

/**
 * The state of a file system as its own superblock tells it.
 *
 * @param kind what it means for a guest that is to be changed
 * @param detail the facts, for a report; empty when there is nothing to say
 */
public record FileSystemState(Kind kind, String detail) {

  /** What a state means. */
  public enum Kind {
    /** It was unmounted. */
    CLEAN,
    /** It was in use: its journal is replayed when it is mounted. */
    JOURNAL,
    /** It was in use and has no journal: only fsck makes it whole. */
    NOT_UNMOUNTED,
    /** The guest's kernel found it damaged. */
    ERRORS,
    /** What was read says nothing. */
    UNKNOWN;

    /** As it stands in a report. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Of one that cannot be told. */
  public static final FileSystemState NOT_KNOWN = new FileSystemState(Kind.UNKNOWN, "");

  public FileSystemState {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(detail, "detail");
  }

  /** Whether fsck must look at it before it is written to. */
  public boolean isSuspect() {
    return kind == Kind.NOT_UNMOUNTED || kind == Kind.ERRORS;
  }
}
