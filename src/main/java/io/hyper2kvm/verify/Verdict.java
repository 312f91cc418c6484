package io.hyper2kvm.verify;

import java.util.Locale;

/** What a verification comes to. */
public enum Verdict {
  /** Signed by a trusted key, and every file is as it was signed. */
  VERIFIED,
  /** The files are as a signature says, but none of the trusted keys has made it. */
  NOT_TRUSTED,
  /** There is no signature. The files are as their record says, as far as there is one. */
  NOT_SIGNED,
  /** A file, or the signature itself, is not as it was. */
  CHANGED,
  /** There is nothing to verify. */
  NOT_THERE;

  /** Lower case, for programs. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
