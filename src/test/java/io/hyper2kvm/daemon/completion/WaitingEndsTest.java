package io.hyper2kvm.daemon.completion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hyper2kvm.daemon.RunningDaemon;
import io.hyper2kvm.daemon.intake.CancelRequests;
import io.hyper2kvm.daemon.intake.ManifestRun;
import io.hyper2kvm.daemon.intake.WaitingCancel;
import io.hyper2kvm.daemon.log.JobLogs;
import io.hyper2kvm.daemon.recovery.ManifestRecords;
import io.hyper2kvm.workflow.ManifestFile;
import io.hyper2kvm.workflow.ManifestPlaces;
import io.hyper2kvm.workflow.Submission;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of ends that fail at first. */
class WaitingEndsTest {

  private static final IOException FULL = new IOException("No space left on device");

  @TempDir Path folder;
  private final WaitingEnds ends = new WaitingEnds(true, Clock.systemUTC());

  @AfterEach
  void close() {
    ends.close();
  }

  @Test
  void endThatWaitedIsTheOneItWouldHaveBeen() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    CompletionStage<Void> end =
        ends.bring(
            "web.json",
            () -> {
              if (tries.incrementAndGet() == 1) {
                throw FULL;
              }
              throw ManifestFailedException.of("web.json", "as it was");
            });

    assertThat(ends.count()).isEqualTo(1);
    assertThatThrownBy(() -> end.toCompletableFuture().join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(ManifestFailedException.class);
    assertThat(ends.count()).isZero();
  }

  @Test
  void anotherReasonIsNotWaitedFor() {
    assertThatThrownBy(
            () ->
                ends.bring(
                    "web.json",
                    () -> {
                      throw new IOException("Permission denied");
                    }))
        .hasMessage("Permission denied");
    assertThat(ends.count()).isZero();
  }

  @Test
  void nothingWaitsInASingleRun() {
    try (WaitingEnds single = new WaitingEnds(false, Clock.systemUTC())) {
      assertThatThrownBy(
              () ->
                  single.bring(
                      "web.json",
                      () -> {
                        throw FULL;
                      }))
          .isSameAs(FULL);
    }
  }

  @Test
  void whatHasNoRoomAtAStopEndsWithTheReason() throws Exception {
    CompletionStage<Void> end =
        ends.bring(
            "web.json",
            () -> {
              throw FULL;
            });

    ends.close();

    assertThatThrownBy(() -> end.toCompletableFuture().join())
        .hasCauseInstanceOf(IOException.class)
        .hasMessageContaining("No space left on device");
  }

  @Test
  void moveThatFailedIsMadeUpFor() throws Exception {
    WorkflowDirectories directories = new WorkflowDirectories(folder);
    directories.create();
    Path place = Files.writeString(directories.processing().resolve("web.json"), "{}");
    Path end = directories.failed().resolve("2026-11-25").resolve("web.json");
    ManifestRun run = new ManifestRun(new ManifestFile("web.json"), place, OffsetDateTime.now());
    run.finalPlace(end);
    ManifestRecords records = new ManifestRecords(directories);
    records.keepEnd(place, run.original(), end);
    CancelRequests cancels =
        new CancelRequests(
            directories, new WaitingCancel(directories, new ManifestPlaces(), Clock.systemUTC()));

    new ManifestEnd(run, records, cancels, ends, new Submission(directories), JobLogs.none())
        .onDone(null);

    assertThat(ends.count()).isEqualTo(1);
    assertThat(place).exists();
    Files.createDirectories(end.getParent());
    await().atMost(RunningDaemon.LIMIT).until(() -> ends.count() == 0);
    assertThat(place).doesNotExist();
    assertThat(end).hasContent("{}");
    assertThat(directories.recovery()).isEmptyDirectory();
  }

  @Test
  void manifestThatWasMovedAndTakenOnIsNotMovedAgain() throws Exception {
    WorkflowDirectories directories = new WorkflowDirectories(folder);
    directories.create();
    Path place = directories.processing().resolve("web.json");
    Path end = directories.failed().resolve("2026-11-25").resolve("web.json");
    ManifestRun run = new ManifestRun(new ManifestFile("web.json"), place, OffsetDateTime.now());
    run.finalPlace(end);
    CancelRequests cancels =
        new CancelRequests(
            directories, new WaitingCancel(directories, new ManifestPlaces(), Clock.systemUTC()));

    new ManifestEnd(
            run,
            new ManifestRecords(directories),
            cancels,
            ends,
            new Submission(directories),
            JobLogs.none())
        .onDone(null);

    assertThat(ends.count()).isZero();
  }
}
