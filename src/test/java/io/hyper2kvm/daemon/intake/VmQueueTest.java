package io.hyper2kvm.daemon.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hyper2kvm.TestClock;
import io.hyper2kvm.manifest.ManifestReader;
import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.manifest.model.Manifest;
import io.hyper2kvm.manifest.rules.ManifestContext;
import io.hyper2kvm.report.LiveStatus;
import io.hyper2kvm.workflow.DrainFile;
import io.hyper2kvm.workflow.ManifestFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order in which VMs begin, and what keeps them from it. */
class VmQueueTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir private Path folder;
  private final TestClock clock = new TestClock();
  private final List<String> begun = new CopyOnWriteArrayList<>();
  private final CountDownLatch release = new CountDownLatch(1);
  private Drain drain;
  private Holds holds;
  private VmQueue queue;

  private void start(int most) {
    drain = new Drain(new DrainFile(folder.resolve("drain")));
    holds = new Holds(drain, true, clock);
    queue = new VmQueue(most, Thread::new, holds::of);
  }

  @AfterEach
  void stop() throws InterruptedException {
    release.countDown();
    queue.shutdownNow();
    assertThat(queue.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
  }

  private ManifestRun run(String timing) {
    ManifestReader reader =
        new ManifestReader(
            new ManifestContext(
                Optional.empty(), List.of(), folder, List.of(), DomainSpec.NOTHING));
    Manifest manifest =
        reader.read(
            "web.yaml",
            ("version: '1.0'\npipeline: {load: {source_path: /data/web.raw}}\n" + timing)
                .getBytes(StandardCharsets.UTF_8));
    ManifestRun run =
        new ManifestRun(
            new ManifestFile("web.yaml"), folder.resolve("web.yaml"), OffsetDateTime.now(clock));
    run.begin(
        manifest,
        new LiveStatus(
            folder.resolve("web.yaml.status.json"), "web", "web.yaml", List.of("web"), clock),
        List.of());
    return run;
  }

  private void submit(ManifestRun run, String name) {
    Exchange exchange = new DefaultExchange(new DefaultCamelContext());
    exchange.setProperty(ManifestRun.PROPERTY, run);
    queue.enter(exchange);
    queue.submit(() -> begun.add(name));
  }

  /** Keeps the one thread busy until it is let go. */
  private void occupy() {
    queue.submit(
        () -> {
          begun.add("first");
          release.await();
          return null;
        });
    await().atMost(LIMIT).until(() -> begun.contains("first"));
  }

  @Test
  void higherPriorityBeginsFirstAndEqualOnesInTheirOrder() {
    start(1);
    occupy();
    submit(run("priority: -3"), "low");
    submit(run(""), "one");
    submit(run("priority: 0"), "two");
    submit(run("priority: 9"), "high");
    release.countDown();

    await().atMost(LIMIT).until(() -> begun.size() == 5);
    assertThat(begun).containsExactly("first", "high", "one", "two", "low");
  }

  @Test
  void vmsAtWorkAreThoseThatHaveBegunAndNotEnded() {
    start(2);
    assertThat(queue.atWork()).isZero();
    occupy();
    submit(run("schedule: {not_before: 2999-01-01T00:00Z}"), "later");
    assertThat(queue.atWork()).isEqualTo(1);

    release.countDown();
    await().atMost(LIMIT).until(() -> queue.atWork() == 0);
  }

  @Test
  void heldVmDoesNotStandInTheWayOfOthers() {
    start(1);
    ManifestRun later = run("priority: 9\nschedule: {not_before: 2026-01-24T15:00Z}");
    submit(later, "later");
    submit(run(""), "now");
    await().atMost(LIMIT).until(() -> begun.contains("now"));
    assertThat(begun).doesNotContain("later");
    assertThat(queue.parked()).isEqualTo(1);

    clock.advance(Duration.ofHours(1));
    await().atMost(LIMIT).until(() -> begun.contains("later"));
    assertThat(queue.parked()).isZero();
  }

  @Test
  void clockThatIsSetBackHoldsAgain() {
    start(1);
    occupy();
    clock.advance(Duration.ofHours(1));
    submit(run("schedule: {not_before: 2026-01-24T15:00Z}"), "later");
    clock.advance(Duration.ofHours(-1));
    submit(run(""), "now");
    release.countDown();

    await().atMost(LIMIT).until(() -> begun.contains("now"));
    assertThat(begun).doesNotContain("later");
  }

  @Test
  void vmsOfPassedAndOfCancelledManifestsAreNotHeld() {
    start(1);
    submit(run("schedule: {not_after: 2026-01-24T14:00Z}"), "passed");
    ManifestRun cancelled = run("schedule: {not_before: 2026-01-24T15:00Z}");
    submit(cancelled, "cancelled");
    cancelled.cancel();

    await().atMost(LIMIT).until(() -> begun.size() == 2);
    assertThat(holds.hasPassed(run("schedule: {not_after: 2026-01-24T14:00Z}"))).isTrue();
  }

  @Test
  void nothingBeginsWhileDrained() throws IOException {
    start(2);
    drain.request(true);
    submit(run(""), "web");
    queue.submit(() -> begun.add("other"));
    queue.tell();
    assertThat(folder.resolve("web.yaml.status.json")).content().contains("\"drain\"");
    assertThat(begun).isEmpty();
    assertThat(queue.parked()).isZero();

    drain.request(false);
    await().atMost(LIMIT).until(() -> begun.size() == 2);
  }

  @Test
  void allThreadsBeginWhatWasHeld() throws Exception {
    start(3);
    CyclicBarrier all = new CyclicBarrier(3);
    List<Future<Integer>> first = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      first.add(queue.submit(() -> all.await()));
    }
    for (Future<Integer> one : first) {
      one.get(30, TimeUnit.SECONDS);
    }
    drain.request(true);
    for (int i = 0; i < 3; i++) {
      String name = "held" + i;
      queue.submit(
          () -> {
            begun.add(name);
            release.await();
            return null;
          });
    }
    assertThat(begun).isEmpty();

    drain.request(false);
    await().atMost(LIMIT).until(() -> begun.size() == 3);
  }

  @Test
  void stopLetsEverythingGoToItsEnd() throws IOException {
    start(1);
    drain.request(true);
    submit(run("schedule: {not_before: 2026-01-24T15:00Z}"), "web");
    holds.stop();

    await().atMost(LIMIT).until(() -> begun.contains("web"));
  }

  @Test
  void twoVmsThatComeAtOnceBothBeginWhereOneThreadIsIdle() throws InterruptedException {
    start(1);
    for (int i = 0; i < 100; i++) {
      VmQueue fresh = new VmQueue(2, Thread::new, run -> Optional.empty());
      CountDownLatch end = new CountDownLatch(1);
      CountDownLatch both = new CountDownLatch(2);
      Runnable vm =
          () -> {
            both.countDown();
            try {
              end.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          };
      fresh.execute(() -> {});
      await().atMost(LIMIT).until(() -> fresh.idle() == 1);
      fresh.execute(vm);
      fresh.execute(vm);

      boolean begunBoth = both.await(5, TimeUnit.SECONDS);
      end.countDown();
      fresh.shutdownNow();
      assertThat(begunBoth).isTrue();
    }
  }

  @Test
  void nothingIsTakenAfterTheEnd() {
    start(1);
    queue.shutdown();

    assertThatThrownBy(() -> queue.submit(() -> begun.add("web")))
        .isInstanceOf(RejectedExecutionException.class);
    assertThat(queue.isShutdown()).isTrue();
  }
}
