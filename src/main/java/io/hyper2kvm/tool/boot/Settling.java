package io.hyper2kvm.tool.boot;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** Believes a finding only when the console has said the same for as long as it has to. */
final class Settling {

  private BootFailure standing;
  private BootFinding finding;
  private Duration since = Duration.ZERO;

  /**
   * Takes the current finding of the consoles.
   *
   * @param now time since the observation began
   * @return the finding, once it is certain
   */
  Optional<BootFinding> take(Optional<BootFinding> seen, Duration now) {
    BootFailure failure = seen.flatMap(BootFinding::failure).orElse(null);
    if (!Objects.equals(failure, standing) || weaknessChanged(seen)) {
      standing = failure;
      since = now;
    }
    finding = failure == null ? null : seen.orElseThrow();
    return current().filter(it -> now.minus(since).compareTo(it.settle()) >= 0);
  }

  /** The finding that stands, certain or not. */
  Optional<BootFinding> current() {
    return Optional.ofNullable(finding);
  }

  private boolean weaknessChanged(Optional<BootFinding> seen) {
    return finding != null && seen.isPresent() && seen.get().isWeak() != finding.isWeak();
  }
}
