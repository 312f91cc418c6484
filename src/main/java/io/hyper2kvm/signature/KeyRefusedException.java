package io.hyper2kvm.signature;

import java.io.IOException;

/** A key file that cannot be used, why, and what to do. No part of the key is in the message. */
public final class KeyRefusedException extends IOException {

  private static final long serialVersionUID = 1L;
  private final String reason;
  private final String advice;

  private KeyRefusedException(String reason, String advice, Throwable cause) {
    super(reason + "; " + advice, cause);
    this.reason = reason;
    this.advice = advice;
  }

  /**
   * A refusal.
   *
   * @param reason what is wrong with the file, to stand behind its name and a colon
   * @param advice what to do
   */
  static KeyRefusedException because(String reason, String advice) {
    return new KeyRefusedException(reason, advice, null);
  }

  /** The same with what it comes from, which must not hold any of the key. */
  static KeyRefusedException causedBy(String reason, String advice, Throwable cause) {
    return new KeyRefusedException(reason, advice, cause);
  }

  /** What is wrong with the file, to stand behind its name and a colon. */
  public String reason() {
    return reason;
  }

  /** What to do. */
  public String advice() {
    return advice;
  }
}
