package io.hyper2kvm.daemon.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.hyper2kvm.TestClock;
import io.hyper2kvm.config.value.DataSize;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderHealthTest {

  private static final DataSize LITTLE = DataSize.parse("1B");

  @TempDir Path root;
  private final AtomicLong nanos = new AtomicLong();

  private FolderWatch watch(FolderState.Folder... folders) {
    return new FolderWatch(List.of(folders), root, new TestClock(), nanos::get);
  }

  private FolderState.Folder folder(String name) {
    return new FolderState.Folder("output_dir", root.resolve(name), true);
  }

  private static String down(HealthCheck check) {
    HealthCheck.Result result = check.call();
    assertThat(result.getState()).isEqualTo(HealthCheck.State.DOWN);
    return result.getMessage().orElseThrow();
  }

  private static void assertUp(HealthCheck check) {
    HealthCheck.Result result = check.call();
    assertThat(result.getState()).as(result.toString()).isEqualTo(HealthCheck.State.UP);
  }

  @Test
  void beforeTheFirstLookNothingIsClaimed() {
    assertThat(down(FolderHealth.writable(watch(folder("."))))).contains("for the first time");
  }

  @Test
  void aFolderThatIsThereIsUp() {
    FolderWatch watch = watch(folder("."));
    watch.look();

    assertUp(FolderHealth.writable(watch));
    assertUp(FolderHealth.space(watch, LITTLE));
  }

  @Test
  void aMissingFolderIsDownAndItsSpaceIsNotReportedAsWell() {
    FolderWatch watch = watch(folder("gone"));
    watch.look();

    assertThat(down(FolderHealth.writable(watch)))
        .contains("output_dir is missing: create it, mount it");
    assertUp(FolderHealth.space(watch, LITTLE));
  }

  @Test
  void aFileInItsPlaceIsDown() throws Exception {
    Files.writeString(root.resolve("file"), "");
    FolderWatch watch = watch(folder("file"));
    watch.look();

    assertThat(down(FolderHealth.writable(watch))).contains("is not a folder");
  }

  @Test
  void aFolderWithinThatIsGoneIsDown() {
    FolderWatch watch =
        watch(
            new FolderState.Folder(
                "manifest_workflow_dir", root, true, List.of(root.resolve("failed"))));
    watch.look();

    assertThat(down(FolderHealth.writable(watch)))
        .contains("folder failed of manifest_workflow_dir is missing: create it");
  }

  @Test
  void aFolderWithoutTheRightToWriteIsDown() throws Exception {
    Path closed = Files.createDirectory(root.resolve("closed"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
    assumeFalse(Files.isWritable(closed), "root may write anywhere");
    FolderWatch watch = watch(folder("closed"));
    watch.look();

    assertThat(down(FolderHealth.writable(watch))).contains("cannot be written to by user");
  }

  @Test
  void aFolderThatIsNotNeededIsNoReason() {
    FolderWatch watch =
        watch(new FolderState.Folder("log_dir", root.resolve("gone"), false), folder("."));
    watch.look();

    assertUp(FolderHealth.writable(watch));
  }

  @Test
  void tooLittleSpaceIsDownUntilThereIsMore() {
    FolderWatch watch = watch(folder("."));
    watch.look();

    assertThat(down(FolderHealth.space(watch, DataSize.parse("1024TiB"))))
        .matches("output_dir has \\d+ MiB free, less than min_free_space 1073741824 MiB: make.*");
    assertUp(FolderHealth.space(watch, LITTLE));
  }

  @Test
  void aFolderThatDoesNotAnswerIsNamedAndItsOldNumbersAreNot() throws Exception {
    CountDownLatch hangs = new CountDownLatch(1);
    AtomicLong asked = new AtomicLong();
    FolderWatch watch =
        new FolderWatch(
            List.of(folder(".")),
            root,
            new Clock() {
              @Override
              public Instant instant() {
                if (asked.incrementAndGet() > 1) {
                  waitFor(hangs); // As lstat does on the file system of a dead server.
                }
                return Instant.EPOCH;
              }

              @Override
              public ZoneId getZone() {
                throw new UnsupportedOperationException();
              }

              @Override
              public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException();
              }
            },
            nanos::get);
    watch.look();
    assertThat(watch.last()).isPresent();
    Thread look = new Thread(watch::look);
    look.start();
    await().atMost(Duration.ofSeconds(20)).until(() -> asked.get() == 2);

    assertUp(FolderHealth.writable(watch)); // Not yet: a disk may be slow.
    nanos.addAndGet(FolderWatch.HANGS.toNanos());

    assertThat(down(FolderHealth.writable(watch)))
        .contains("to_be_processed has not answered for 30 s: look for a disk");
    assertThat(down(FolderHealth.space(watch, LITTLE))).contains("has not answered");
    assertThat(watch.last()).isEmpty();

    hangs.countDown();
    look.join();
    assertUp(FolderHealth.writable(watch));
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void theWatchLooksByItselfUntilItIsClosed() {
    FolderWatch watch = watch(folder("."));
    watch.start(name -> false);

    await().atMost(Duration.ofSeconds(20)).until(() -> watch.last().isPresent());
    watch.close();
  }
}
