package io.hyper2kvm.workflow;

import java.util.Locale;

/** The state of a manifest. */
public enum JobState {
  /** In the drop zone. */
  WAITING,
  /** In {@code processing/}. */
  RUNNING,
  /** In {@code processed/}. */
  COMPLETED,
  /** In {@code failed/}. */
  FAILED;

  /** Whether it is at its end. */
  public boolean ended() {
    return this == COMPLETED || this == FAILED;
  }

  /** The state as commands spell it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
