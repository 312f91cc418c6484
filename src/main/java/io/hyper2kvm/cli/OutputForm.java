package io.hyper2kvm.cli;

import java.util.Locale;

/** How a command prints its answer. */
enum OutputForm {
  TEXT,
  JSON;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
