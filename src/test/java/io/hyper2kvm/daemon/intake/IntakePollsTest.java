package io.hyper2kvm.daemon.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.TestClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Endpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.ScheduledBatchPollingConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the drop zone is looked into. */
class IntakePollsTest {

  @TempDir private Path folder;

  private final TestClock clock = new TestClock();
  private final ManifestsInFlight inFlight = new ManifestsInFlight(4);
  private final IntakePolls polls =
      new IntakePolls(clock, System::nanoTime, inFlight, most -> most);

  private boolean begins() {
    return polls.begin(null, null);
  }

  private void hold(int count) {
    for (int i = 1; i <= count; i++) {
      assertThat(inFlight.add(String.valueOf(i))).isTrue();
    }
  }

  private void look(Duration takes, int found) {
    assertThat(begins()).isTrue();
    clock.advance(takes);
    polls.commit(null, null, found);
  }

  @Test
  void nothingIsLookedForThatCouldNotBeTaken() {
    hold(4);
    assertThat(begins()).isFalse();

    inFlight.remove("1");
    assertThat(begins()).isTrue();
  }

  @Test
  void pollerThatHasNotToLookIsNotStuck() {
    hold(4);
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

  /** The consumer would look at every file of the folder in vain for one more. */
  @ParameterizedTest
  @CsvSource({"0, 3, 3", "1, 3, 3", "2, 3, 2", "3, 3, 1", "1, 0, 3", "1, 16, 3"})
  void noMoreFilesAreAskedForThanCanBeTaken(int held, int mostPerPoll, int asked) throws Exception {
    hold(held);
    try (DefaultCamelContext camel = new DefaultCamelContext()) {
      Endpoint endpoint =
          camel.getEndpoint("file:" + folder + "?maxMessagesPerPoll=" + mostPerPoll);
      var consumer = (ScheduledBatchPollingConsumer) endpoint.createConsumer(exchange -> {});

      assertThat(polls.begin(consumer, endpoint)).isTrue();

      assertThat(consumer.getMaxMessagesPerPoll()).isEqualTo(asked);
    }
  }

  @Test
  void whileMoreWaitThanCouldBeTakenAPollWaitsForHalfOfThePlaces() throws Exception {
    look(Duration.ofMillis(1), 4);
    hold(4);
    CompletableFuture<Boolean> begun = CompletableFuture.supplyAsync(this::begins);

    inFlight.remove("1");
    inFlight.remove("2");

    assertThat(begun.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(inFlight.free()).isEqualTo(2);
  }

  @Test
  void aPollThatWaitsTakesWhatIsFreeInTheEnd() {
    look(Duration.ofMillis(1), 4);
    hold(3);

    assertThat(begins()).isTrue();
  }

  @Test
  void anInterruptEndsTheWaitAndStaysSet() {
    look(Duration.ofMillis(1), 4);
    hold(4);
    Thread.currentThread().interrupt();

    assertThat(begins()).isFalse();
    assertThat(Thread.interrupted()).isTrue();
  }
}
