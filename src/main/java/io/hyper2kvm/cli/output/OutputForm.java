package io.hyper2kvm.cli.output;

import java.util.Locale;

/** How a command prints its answer. */
public enum OutputForm {
  TEXT,
  JSON;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
