package io.hyper2kvm.daemon.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyper2kvm.TestClock;
import io.hyper2kvm.daemon.intake.IntakeHealth;
import io.hyper2kvm.daemon.intake.IntakePolls;
import io.hyper2kvm.daemon.intake.ManifestsInFlight;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.file.GenericFileFilter;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.ScheduledPollConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Camel's own file consumer, and what the checks say when its poller fails, hangs or dies. */
class PollerHealthTest {

  private static final Duration POLL = Duration.ofMillis(10);
  private static final Duration LIMIT = Duration.ofMillis(300);

  @TempDir Path folder;
  private final TestClock clock = new TestClock();
  private final CountDownLatch released = new CountDownLatch(1);
  private final AtomicInteger looks = new AtomicInteger();
  private final IntakePolls polls =
      new IntakePolls(clock, System::nanoTime, new ManifestsInFlight(16), most -> most);
  private final PollerHealth live = new PollerHealth(polls, POLL, LIMIT);
  private final IntakeHealth ready = new IntakeHealth(polls, POLL);
  private final CamelContext context = new DefaultCamelContext();

  @BeforeEach
  void aFileIsThere() throws Exception {
    Files.writeString(folder.resolve("a.json"), "{}");
    live.setCamelContext(context);
    ready.setCamelContext(context);
  }

  @AfterEach
  void stop() {
    released.countDown();
    context.stop();
  }

  private void start(GenericFileFilter<File> filter) throws Exception {
    context.getRegistry().bind("polls", polls);
    context.getRegistry().bind("filter", filter);
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("file:" + folder + "?filter=#filter&pollStrategy=#polls&initialDelay=0&delay=10")
                .routeId("manifest-intake")
                .to("log:taken");
          }
        });
    context.start();
  }

  private void awaitLook() {
    await().atMost(Duration.ofSeconds(20)).until(() -> looks.get() > 0);
  }

  private void awaitMoreLooks() {
    int before = looks.get();
    await().atMost(Duration.ofSeconds(20)).until(() -> looks.get() >= before + 2);
  }

  private HealthCheck.Result awaitDown() {
    return await()
        .atMost(Duration.ofSeconds(20))
        .until(live::call, result -> result.getState() == HealthCheck.State.DOWN);
  }

  private boolean refuse() {
    looks.incrementAndGet();
    return false;
  }

  @Test
  void aPollerThatLooksIsAliveAndReady() throws Exception {
    start(file -> refuse());
    awaitMoreLooks();

    assertThat(live.call().getState()).isEqualTo(HealthCheck.State.UP);
    assertThat(ready.call().getState()).isEqualTo(HealthCheck.State.UP);
  }

  @Test
  void aPollerThatWasEndedIsNotAlive() throws Exception {
    start(file -> refuse());
    awaitLook();

    // As when an error in the midst of Camel's handling of an error ends the scheduled task.
    ((ScheduledPollConsumer) context.getRoute("manifest-intake").getConsumer())
        .getScheduler()
        .unscheduleTask();

    assertThat(awaitDown().getMessage().orElseThrow())
        .contains("gave no sign for ", "restart the daemon");
  }

  @Test
  void aPollerThatHangsIsNotAlive() throws Exception {
    start(
        file -> {
          refuse();
          try {
            released.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return false;
        });
    awaitLook();

    awaitDown();
  }

  @Test
  void aPollerThatRunsOutOfMemoryIsNeitherAliveNorReady() throws Exception {
    start(
        file -> {
          refuse();
          throw new OutOfMemoryError("of a test");
        });
    awaitLook();
    clock.advance(Duration.ofSeconds(31));

    awaitDown();
    assertThat(ready.call().getState()).isEqualTo(HealthCheck.State.DOWN);
    assertThat(looks.get()).as("Camel's scheduler does not run the poller again").isEqualTo(1);
  }

  @Test
  void aPollerWhoseLooksFailIsAliveAndNotReady() throws Exception {
    start(
        file -> {
          refuse();
          throw new IllegalStateException("the folder cannot be read");
        });
    awaitMoreLooks();
    clock.advance(Duration.ofSeconds(31));
    awaitMoreLooks();

    assertThat(ready.call().getState()).isEqualTo(HealthCheck.State.DOWN);
    assertThat(live.call().getState()).isEqualTo(HealthCheck.State.UP);
  }

  @Test
  void aPollerThatSomebodySuspendedIsAlive() throws Exception {
    start(file -> refuse());
    awaitLook();
    context.getRouteController().suspendRoute("manifest-intake");
    await().atMost(Duration.ofSeconds(20)).until(() -> polls.sinceSign().compareTo(LIMIT) > 0);

    assertThat(live.call().getState()).isEqualTo(HealthCheck.State.UP);
  }

  @Test
  void aClockThatIsSetDoesNotEndTheDaemon() throws Exception {
    start(file -> refuse());
    awaitLook();
    clock.advance(Duration.ofDays(1));

    assertThat(live.call().getState()).isEqualTo(HealthCheck.State.UP);
  }
}
