package io.hyper2kvm.report;

import java.util.Locale;

/** The status with which a stage ended. */
public enum StageStatus {
  /** It did what was asked for. */
  SUCCESS,
  /** It was asked for and could not be done. */
  FAILED,
  /** It was not asked for. */
  SKIPPED,
  /** An earlier stage failed. */
  NOT_RUN;

  /** The status as reports spell it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
