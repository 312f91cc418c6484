package io.hyper2kvm;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until a test moves it. */
public final class TestClock extends Clock {

  private Instant now;

  /** A clock at 2026-01-24T14:30:45Z. */
  public TestClock() {
    this(Instant.parse("2026-01-24T14:30:45Z"));
  }

  /** A clock at the given time. */
  public TestClock(Instant start) {
    now = start;
  }

  /** Moves the clock. */
  public void advance(Duration by) {
    now = now.plus(by);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("the tests need one zone only");
  }

  @Override
  public Instant instant() {
    return now;
  }
}
