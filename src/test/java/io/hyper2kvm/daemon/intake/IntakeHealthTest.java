package io.hyper2kvm.daemon.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.TestClock;
import java.time.Duration;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.Test;

class IntakeHealthTest {

  private final TestClock clock = new TestClock();
  private final IntakePolls polls =
      new IntakePolls(clock, System::nanoTime, new ManifestsInFlight(16), most -> most);

  private HealthCheck.State state(Duration pollInterval) {
    return new IntakeHealth(polls, pollInterval).call().getState();
  }

  @Test
  void aStartCountsAsALook() {
    assertThat(state(Duration.ofMillis(500))).isEqualTo(HealthCheck.State.UP);
  }

  @Test
  void withoutALookItIsDown() {
    clock.advance(Duration.ofSeconds(31));

    HealthCheck.Result result = new IntakeHealth(polls, Duration.ofMillis(500)).call();
    assertThat(result.getState()).isEqualTo(HealthCheck.State.DOWN);
    assertThat(result.getMessage().orElseThrow()).contains("31 s ago", "within 30 s");
  }

  @Test
  void aLookBringsItUpAgain() {
    clock.advance(Duration.ofHours(1));
    polls.commit(null, null, 0);

    assertThat(state(Duration.ofMillis(500))).isEqualTo(HealthCheck.State.UP);
  }

  @Test
  void aLookThatFailedIsNone() throws Exception {
    clock.advance(Duration.ofMinutes(1));
    polls.rollback(null, null, 1, new java.io.IOException("the folder cannot be read"));

    assertThat(state(Duration.ofMillis(500))).isEqualTo(HealthCheck.State.DOWN);
  }

  @Test
  void aLongPollIntervalHasALongLimit() {
    clock.advance(Duration.ofMinutes(9));
    assertThat(state(Duration.ofMinutes(1))).isEqualTo(HealthCheck.State.UP);

    clock.advance(Duration.ofMinutes(2));
    assertThat(state(Duration.ofMinutes(1))).isEqualTo(HealthCheck.State.DOWN);
  }

  @Test
  void aClockThatIsSetBackEndsThePauseAfterALongLook() {
    polls.begin(null, null);
    clock.advance(Duration.ofSeconds(2));
    polls.commit(null, null, 0);
    assertThat(polls.begin(null, null)).as("right after a long look").isFalse();

    clock.advance(Duration.ofHours(-1));

    assertThat(polls.begin(null, null)).isTrue();
  }
}
