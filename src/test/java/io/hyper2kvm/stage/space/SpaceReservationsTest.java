package io.hyper2kvm.stage.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.manifest.model.OutputFormat;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.stage.Jobs;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.cleanup.JobCleanup;
import io.hyper2kvm.stage.load.LoadResult;
import io.hyper2kvm.stage.load.LoadStage;
import io.hyper2kvm.stage.load.OutputReservations;
import io.hyper2kvm.stage.outcome.JobOutcome;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpaceReservationsTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final long MIB = 1L << 20;

  @TempDir Path root;
  private Jobs jobs;

  /** Free bytes by folder; every folder is a file system of its own, but for those below disk. */
  private final Map<Path, Long> free = new ConcurrentHashMap<>();

  private SpaceReservations space;
  private LoadStage load;

  @BeforeEach
  void room() {
    jobs = new Jobs(root).withRawSource();
    free.put(root.resolve("out"), 1000 * MIB);
    free.put(root.resolve("work"), 1000 * MIB);
    space =
        new SpaceReservations(
            new SpaceReservations.Rooms() {
              @Override
              public Object roomOf(Path folder) {
                return folderOf(folder);
              }

              @Override
              public long free(Path folder) {
                return free.get(folderOf(folder));
              }
            });
    load = patient(LIMIT);
  }

  private Path folderOf(Path folder) {
    return root.resolve(root.relativize(folder).getName(0));
  }

  /** A job whose source has so much data, as far as the decision of LOAD. */
  private VmJob measured(long data) throws IOException {
    VmJob job = jobs.job();
    load.prepare(job);
    load.acceptMeasure(
        job,
        LoadResult.of(job).disks().get(0),
        Jobs.result(0, "{\"required\": %d, \"fully-allocated\": %d}".formatted(data, 2 * data)));
    return job;
  }

  private void next(String name) {
    jobs.name = name;
    jobs.output = root.resolve("out").resolve(name + ".qcow2");
  }

  @Test
  void tooLittleRoomForTheOutputIsRefusedWithTheNumbers() throws IOException {
    VmJob job = measured(1001 * MIB);

    assertThatThrownBy(() -> load.finish(job))
        .isInstanceOfSatisfying(
            StageFailedException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.NO_SPACE))
        .hasMessage(
            "%s has 1000.0 MiB available (1048576000 bytes), the output needs 1001.0 MiB (1049624576 bytes)",
            root.resolve("out"));
  }

  @Test
  void tooLittleRoomForTheOverlayIsRefused() throws IOException {
    free.put(root.resolve("work"), 63 * MIB);
    VmJob job = measured(1);

    assertThatThrownBy(() -> load.finish(job))
        .hasMessageStartingWith(root.resolve("work") + " has 63.0 MiB available")
        .hasMessageContaining("the work on the overlay needs 64.0 MiB");
  }

  @Test
  void whatJustFitsIsTaken() throws IOException {
    VmJob job = measured(1000 * MIB);

    assertThatCode(() -> load.finish(job)).doesNotThrowAnyException();
  }

  @Test
  void whatAnotherVmHasStillToWriteIsNotFree() throws IOException {
    load.finish(measured(600 * MIB));
    next("db");
    VmJob second = measured(600 * MIB);

    LoadResult loaded = LoadResult.of(second);
    assertThat(space.reserve(second, SpaceNeed.of(second, loaded.disks(), loaded.measures())))
        .filteredOn(finding -> !finding.isEnough())
        .singleElement()
        .extracting(SpaceFinding::describe)
        .asString()
        .contains("400.0 MiB available")
        .contains("as 600.0 MiB of 1000.0 MiB are reserved for running VMs");
  }

  @Test
  void whatAnotherVmHasWrittenAlreadyIsNotCountedTwice() throws IOException {
    VmJob first = measured(600 * MIB);
    load.finish(first);
    first.enter(StageName.CONVERT);
    first.copy().begin(0, 0, 0);
    first.progress(50);
    free.put(root.resolve("out"), 700 * MIB);
    next("db");
    VmJob second = measured(400 * MIB);

    assertThatCode(() -> load.finish(second)).doesNotThrowAnyException();
  }

  @Test
  void anEndedVmGivesItsRoomBack() throws IOException {
    VmJob first = measured(600 * MIB);
    load.finish(first);
    new JobCleanup(new OutputReservations(), space).run(first);
    next("db");
    VmJob second = measured(600 * MIB);

    assertThatCode(() -> load.finish(second)).doesNotThrowAnyException();
  }

  @Test
  void aRefusedVmTakesNoRoom() throws IOException {
    VmJob first = measured(1001 * MIB);
    assertThatThrownBy(() -> load.finish(first)).isInstanceOf(StageFailedException.class);
    next("db");
    VmJob second = measured(1000 * MIB);

    assertThatCode(() -> load.finish(second)).doesNotThrowAnyException();
  }

  @Test
  void aCompressedOutputThatMayFitIsTakenWithAWarning() throws IOException {
    jobs.compress = true;
    VmJob job = measured(5000 * MIB);
    load.finish(job);

    assertThat(JobOutcome.of(job).warnings())
        .singleElement()
        .asString()
        .contains("the output needs 4.9 GiB")
        .endsWith("compressed it may fit");
  }

  @Test
  void aHopelessCompressedOutputIsRefused() throws IOException {
    jobs.compress = true;
    VmJob job = measured(20_010 * MIB);

    assertThatThrownBy(() -> load.finish(job)).hasMessageContaining("the output needs 1000.5 MiB");
  }

  @Test
  void aDryRunTellsOfTheLackAndGoesOn() throws IOException {
    jobs.dryRun = true;
    VmJob job = measured(2000 * MIB);
    load.finish(job);

    assertThat(JobOutcome.of(job).warnings())
        .singleElement()
        .asString()
        .startsWith("not enough space");
  }

  @Test
  void aDryRunMakesNoFolder() throws IOException {
    jobs.dryRun = true;
    jobs.output = root.resolve("out/new/folder/web.qcow2");
    load.finish(measured(1));

    assertThat(root.resolve("out/new")).doesNotExist();
  }

  @Test
  void theReportHasTheNumbers() throws IOException {
    jobs.format = OutputFormat.RAW;
    VmJob job = measured(100 * MIB);
    load.finish(job);

    assertThat(job.stages().get(StageName.LOAD).details().get("space").toString())
        .contains(
            "for=output", "needed_bytes=104857600", "available_bytes=1048576000", "enough=true")
        .contains("for=work", "needed_bytes=67108864");
  }

  @Test
  void anAnswerThatIsNoneIsAFailure() throws IOException {
    VmJob job = jobs.job();
    load.prepare(job);

    assertThatThrownBy(
            () ->
                load.acceptMeasure(
                    job, LoadResult.of(job).disks().get(0), Jobs.result(0, "{\"required\": 1}")))
        .hasMessageContaining("without required and fully-allocated");
    assertThat(Files.exists(job.directory())).isTrue();
  }

  private LoadStage patient(Duration limit) {
    return new LoadStage(jobs.settings(), new OutputReservations(), space, limit);
  }

  private static CompletableFuture<Void> finish(LoadStage stage, VmJob job) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            stage.finish(job);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        // Java's common pool has a single thread where there are two cores.
        task -> new Thread(task).start());
  }

  private boolean waits(VmJob job) {
    return jobs.status(job).contains("waiting_for");
  }

  private void awaitWaiting(VmJob job) {
    await().atMost(LIMIT).until(() -> waits(job));
  }

  private void release(VmJob job) {
    new JobCleanup(new OutputReservations(), space).run(job);
  }

  @Test
  void vmWaitsForWhatIsPromisedToAnotherAndGoesOnWhenItIsLeft() throws Exception {
    VmJob first = measured(600 * MIB);
    load.finish(first);
    next("db");
    VmJob second = measured(600 * MIB);

    CompletableFuture<Void> end = finish(load, second);
    awaitWaiting(second);
    assertThat(end).isNotDone();
    release(first);

    assertThat(end).succeedsWithin(LIMIT);
    assertThat(waits(second)).isFalse();
  }

  @Test
  void vmThatWaitedFailsWhenTheOtherHasUsedWhatItWasPromised() throws Exception {
    VmJob first = measured(600 * MIB);
    load.finish(first);
    next("db");
    VmJob second = measured(600 * MIB);

    CompletableFuture<Void> end = finish(load, second);
    awaitWaiting(second);
    free.put(root.resolve("out"), 400 * MIB);
    release(first);

    assertThat(end)
        .failsWithin(LIMIT)
        .withThrowableOfType(ExecutionException.class)
        .withMessageContaining("MiB available");
  }

  @Test
  void ofTwoThatWaitOneBeginsAndTheOtherWaitsForIt() throws Exception {
    VmJob first = measured(600 * MIB);
    load.finish(first);
    next("db");
    VmJob second = measured(600 * MIB);
    next("mail");
    VmJob third = measured(600 * MIB);
    CompletableFuture<Void> one = finish(load, second);
    CompletableFuture<Void> other = finish(load, third);
    awaitWaiting(second);
    awaitWaiting(third);

    release(first);

    assertThat(CompletableFuture.anyOf(one, other)).succeedsWithin(LIMIT);
    assertThat(one.isDone() && other.isDone()).isFalse();
    release(one.isDone() ? second : third);
    assertThat(CompletableFuture.allOf(one, other)).succeedsWithin(LIMIT);
  }

  @Test
  void vmThatNoEndOfOthersHelpsFailsAtOnce() throws Exception {
    load.finish(measured(600 * MIB));
    next("db");
    VmJob second = measured(1001 * MIB);

    assertThatThrownBy(() -> load.finish(second)).hasMessageContaining("1001.0 MiB");
  }

  @Test
  void vmThatIsAloneFailsAtOnce() throws Exception {
    VmJob only = measured(1001 * MIB);

    assertThatThrownBy(() -> load.finish(only)).hasMessageContaining("1001.0 MiB");
  }

  @Test
  void theStagesTimeEndsTheWait() throws Exception {
    load.finish(measured(600 * MIB));
    next("db");
    VmJob second = measured(600 * MIB);
    second.enter(StageName.LOAD); // Its time runs from here on, not from the slow writes before.

    assertThatThrownBy(() -> patient(Duration.ofSeconds(2)).finish(second))
        .hasMessageContaining("400.0 MiB available");
  }

  @Test
  void cancelEndsTheWait() throws Exception {
    load.finish(measured(600 * MIB));
    next("db");
    VmJob second = measured(600 * MIB);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread worker =
        new Thread(
            () -> {
              try {
                load.finish(second);
              } catch (IOException e) {
                thrown.set(e);
              }
            });
    worker.start();
    awaitWaiting(second);

    worker.interrupt();
    worker.join(LIMIT.toMillis());

    assertThat(thrown.get()).isInstanceOf(InterruptedIOException.class);
  }
}
