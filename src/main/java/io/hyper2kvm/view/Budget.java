package io.hyper2kvm.view;

import java.time.Duration;

/** How many reports one question may have read, and for how long. */
final class Budget {

  private static final int MOST_READ = 5_000;
  private static final Duration LONGEST = Duration.ofMillis(1_500);

  private final long end = System.nanoTime() + LONGEST.toNanos();
  private int reads;

  /** A report was read. */
  void spend() {
    reads++;
  }

  /** Whether no more may be read. */
  boolean isSpent() {
    return reads > MOST_READ || System.nanoTime() - end > 0;
  }
}
