package io.hyper2kvm.view;

import java.io.IOException;
import java.time.Duration;

/**
 * An answer that many clients ask for: it is made once and given to all for a while. One that took
 * long is given for longer, so that making it never takes more than a tenth of the time.
 */
public final class Freshness<T> {

  /** Makes the answer. */
  @FunctionalInterface
  public interface Source<T> {
    T make() throws IOException;
  }

  private static final int SHARE = 10;

  private final Duration atLeast;
  private final Source<T> source;
  private T last;
  private long until;

  /**
   * Nothing is made yet.
   *
   * @param atLeast how long an answer is given
   */
  public Freshness(Duration atLeast, Source<T> source) {
    this.atLeast = atLeast;
    this.source = source;
  }

  /** The answer, not older than allowed; those who ask meanwhile wait for the same one. */
  public synchronized T answer() throws IOException {
    if (last == null || System.nanoTime() - until >= 0) {
      long begin = System.nanoTime();
      last = source.make();
      long end = System.nanoTime();
      until = end + Math.max(atLeast.toNanos(), SHARE * (end - begin));
    }
    return last;
  }
}
