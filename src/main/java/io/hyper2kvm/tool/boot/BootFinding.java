package io.hyper2kvm.tool.boot;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What a console's text means.
 *
 * @param failure where the guest is stuck; empty when it asks for a login
 * @param line the line that says so, as it was read
 * @param settle how long it must stay on the console before it counts; zero for a login prompt
 */
record BootFinding(Optional<BootFailure> failure, String line, Duration settle) {

  BootFinding {
    Objects.requireNonNull(failure, "failure");
    Objects.requireNonNull(line, "line");
    Objects.requireNonNull(settle, "settle");
  }

  /** Whether it is only the absence of progress, which any other sign of life refutes. */
  boolean isWeak() {
    return settle.compareTo(Duration.ofSeconds(30)) > 0;
  }
}
