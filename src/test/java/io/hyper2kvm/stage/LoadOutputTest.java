package io.hyper2kvm.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.stage.cleanup.JobCleanup;
import io.hyper2kvm.stage.load.LoadStage;
import io.hyper2kvm.stage.load.OutputReservations;
import io.hyper2kvm.stage.space.SpaceReservations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What LOAD says of the outputs before any work is done. */
class LoadOutputTest {

  @TempDir Path directory;
  private Jobs jobs;

  @BeforeEach
  void jobs() throws IOException {
    jobs = new Jobs(directory.toRealPath()).withRawSource();
  }

  private static void assertFails(FailureCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StageFailedException.class,
            e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }

  @Test
  void anOutputOutsideOfItsRootsIsRefusedAndNoFolderIsMade() throws IOException {
    Path outside = jobs.folder("outside");
    Files.createSymbolicLink(jobs.root.resolve("out/way-out"), outside);
    jobs.output = jobs.root.resolve("out/way-out/new/deep/web.qcow2");

    assertFails(FailureCode.OUTPUT_OUTSIDE_ROOTS, () -> jobs.load().prepare(jobs.job()));
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void aFileInTheOutputFoldersPlaceIsRefused() throws IOException {
    Files.writeString(jobs.root.resolve("out/taken"), "a file");
    jobs.output = jobs.root.resolve("out/taken/web.qcow2");

    assertFails(FailureCode.OUTPUT_NOT_WRITABLE, () -> jobs.load().prepare(jobs.job()));
  }

  @Test
  void anExistingOutputIsNeverOverwrittenBySurprise() throws IOException {
    Files.writeString(jobs.output, "precious");

    assertFails(FailureCode.OUTPUT_EXISTS, () -> jobs.load().prepare(jobs.job()));
    assertThat(jobs.output).hasContent("precious");
  }

  @Test
  void theOutputOfAFurtherDiskIsNotOverwrittenEither() throws IOException {
    jobs.additional = List.of(Files.write(jobs.root.resolve("in/data.img"), new byte[1 << 20]));
    Files.writeString(jobs.root.resolve("out/web-disk2.qcow2"), "precious");

    assertFails(FailureCode.OUTPUT_EXISTS, () -> jobs.load().prepare(jobs.job()));
  }

  @Test
  void overwriteIsForRegularFilesOnly() throws IOException {
    jobs.overwrite = true;
    Files.createSymbolicLink(jobs.output, jobs.root.resolve("nowhere"));
    assertFails(FailureCode.OUTPUT_EXISTS, () -> jobs.load().prepare(jobs.job()));

    Files.delete(jobs.output);
    Files.createDirectory(jobs.output);
    assertFails(FailureCode.OUTPUT_EXISTS, () -> jobs.load().prepare(jobs.job()));
  }

  @Test
  void overwriteLeavesTheOldOutputWhereItIsForNow() throws IOException {
    jobs.overwrite = true;
    Files.writeString(jobs.output, "old");

    jobs.load().prepare(jobs.job());

    assertThat(jobs.output).hasContent("old");
  }

  @Test
  void twoJobsWithOneOutputAreRefusedUntilTheFirstIsCleanedUp() throws IOException {
    OutputReservations reservations = new OutputReservations();
    LoadStage load =
        new LoadStage(jobs.settings(), reservations, new SpaceReservations(), Jobs.LIMIT);
    VmJob first = jobs.job();
    load.prepare(first);
    jobs.name = "db";
    assertThatThrownBy(() -> load.prepare(jobs.job()))
        .isInstanceOf(StageFailedException.class)
        .hasMessageContaining("is being written for VM web of manifest m")
        .satisfies(
            e ->
                assertThat(((StageFailedException) e).code()).isEqualTo(FailureCode.OUTPUT_IN_USE));

    new JobCleanup(reservations, new SpaceReservations()).run(first);
    load.prepare(jobs.job());
  }

  @Test
  void oneOutputByTwoNamesIsOneOutput() throws IOException {
    LoadStage load = jobs.load();
    load.prepare(jobs.job());
    Files.createSymbolicLink(jobs.root.resolve("out/same"), jobs.root.resolve("out"));
    jobs.output = jobs.root.resolve("out/same/web.qcow2");

    assertFails(FailureCode.OUTPUT_IN_USE, () -> load.prepare(jobs.job()));
  }
}
