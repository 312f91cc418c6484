package io.hyper2kvm.daemon.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.TestClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** When the drop zone is looked into. */
class IntakePollsTest {

  private final TestClock clock = new TestClock();
  private final AtomicBoolean full = new AtomicBoolean();
  private final IntakePolls polls = new IntakePolls(clock, full::get);

  private boolean begins() {
    return polls.begin(null, null);
  }

  private void look(Duration takes, int found) {
    assertThat(begins()).isTrue();
    clock.advance(takes);
    polls.commit(null, null, found);
  }

  @Test
  void nothingIsLookedForThatCouldNotBeTaken() {
    full.set(true);
    assertThat(begins()).isFalse();

    full.set(false);
    assertThat(begins()).isTrue();
  }

  @Test
  void pollerThatHasNotToLookIsNotStuck() {
    full.set(true);
    clock.advance(Duration.ofHours(1));
    begins();

    assertThat(polls.sinceLast()).isZero();
  }

  @Test
  void longLookThatFoundNothingIsFollowedByAPause() {
    look(Duration.ofMillis(200), 0);

    clock.advance(Duration.ofMillis(3_999));
    assertThat(begins()).isFalse();
    clock.advance(Duration.ofMillis(1));
    assertThat(begins()).isTrue();
  }

  @Test
  void shortLookIsFollowedByTheNext() {
    look(Duration.ofMillis(99), 0);

    assertThat(begins()).isTrue();
  }

  @Test
  void thePauseHasABound() {
    look(Duration.ofMinutes(1), 0);

    clock.advance(Duration.ofSeconds(10));
    assertThat(begins()).isTrue();
  }

  @Test
  void lookThatFoundSomethingIsFollowedByTheNext() {
    look(Duration.ofSeconds(1), 16);

    assertThat(begins()).isTrue();
  }
}
