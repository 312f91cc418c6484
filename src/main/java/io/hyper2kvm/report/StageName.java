package io.hyper2kvm.report;

import java.util.Locale;

/** The stages of a VM, in their order. */
public enum StageName {
  LOAD,
  INSPECT,
  FIX,
  CONVERT,
  VALIDATE;

  /** The stage as manifests and reports spell it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
