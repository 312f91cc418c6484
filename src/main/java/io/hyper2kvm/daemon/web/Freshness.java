package io.hyper2kvm.daemon.web;

import java.io.IOException;
import java.time.Duration;

/**
 * An answer that many clients ask for: it is made once and given to all for a while. One that took
 * long is given for longer, so that making it never takes more than a tenth of the time.
 */
final class Freshness {

  /** Makes the answer. */
  @FunctionalInterface
  interface Source {
    WebAnswer make() throws IOException;
  }

  private static final int SHARE = 10;

  private final Duration atLeast;
  private final Source source;
  private WebAnswer last;
  private long until;

  /**
   * Nothing is made yet.
   *
   * @param atLeast how long an answer is given
   */
  Freshness(Duration atLeast, Source source) {
    this.atLeast = atLeast;
    this.source = source;
  }

  /** The answer, not older than allowed; those who ask meanwhile wait for the same one. */
  synchronized WebAnswer answer() throws IOException {
    if (last == null || System.nanoTime() - until >= 0) {
      long begin = System.nanoTime();
      last = source.make();
      long end = System.nanoTime();
      until = end + Math.max(atLeast.toNanos(), SHARE * (end - begin));
    }
    return last;
  }

  /** The next who asks gets one that is made then. */
  synchronized void expire() {
    last = null;
  }
}
