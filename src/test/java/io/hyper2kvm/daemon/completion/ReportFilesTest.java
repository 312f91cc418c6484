package io.hyper2kvm.daemon.completion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.daemon.intake.ManifestRun;
import io.hyper2kvm.daemon.log.JobLogs;
import io.hyper2kvm.daemon.recovery.ManifestRecords;
import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.manifest.Installations;
import io.hyper2kvm.manifest.ManifestReader;
import io.hyper2kvm.manifest.RetryManifest;
import io.hyper2kvm.report.Failure;
import io.hyper2kvm.report.ManifestOutcome;
import io.hyper2kvm.report.SignedReports;
import io.hyper2kvm.signature.TestKeys;
import io.hyper2kvm.workflow.ManifestFile;
import io.hyper2kvm.workflow.ManifestPlaces;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two manifests of one name, of which the first one's report cannot be written at once. */
class ReportFilesTest {

  private static final OffsetDateTime NOW = OffsetDateTime.parse("2026-11-25T12:00:00Z");

  @TempDir private Path folder;
  private WorkflowDirectories directories;
  private ReportFiles files;
  private ManifestRun first;
  private ManifestRun second;
  private Path obstacle;

  @BeforeEach
  void create() throws IOException {
    directories = new WorkflowDirectories(folder);
    directories.create();
    files =
        new ReportFiles(
            new ManifestPlaces(),
            new ManifestRecords(directories),
            new RetryManifest(new ManifestReader(Installations.OPEN), 1 << 20),
            Optional.empty(),
            JobLogs.none(),
            SignedReports.NONE);
    first = atWork("web.json");
    second = atWork("web.2.json");
    Path day = Files.createDirectories(directories.failed().resolve("2026-11-25"));
    // In the way of the file that is renamed when it is complete.
    obstacle = Files.createDirectories(day.resolve(".web.json.error.json.tmp/x")).getParent();
  }

  private ManifestRun atWork(String name) throws IOException {
    Path place = Files.writeString(directories.processing().resolve(name), name);
    return new ManifestRun(new ManifestFile("web.json"), place, NOW);
  }

  private static ManifestOutcome failed() {
    Failure failure = Failure.of(FailureCode.CANCELLED, "cancelled");
    return new ManifestOutcome(
        "web", "web.json", false, Map.of(), NOW, NOW, List.of(), Optional.of(failure));
  }

  private void removeObstacle() throws IOException {
    Files.delete(obstacle.resolve("x"));
    Files.delete(obstacle);
  }

  /** A restart would take the second one's report for the first one's. */
  @Test
  void theSecondOneDoesNotGetThePlaceThatTheFirstOnesRecordNames() throws IOException {
    assertThatThrownBy(() -> files.write(directories.failed(), first, failed()))
        .isInstanceOf(IOException.class);
    removeObstacle();

    Path place = files.write(directories.failed(), second, failed());

    assertThat(place).hasFileName("web.2.json");
  }

  @Test
  void theFirstOneGetsItWhenItsReportCanBeWritten() throws IOException {
    assertThatThrownBy(() -> files.write(directories.failed(), first, failed()))
        .isInstanceOf(IOException.class);
    removeObstacle();

    assertThat(files.write(directories.failed(), first, failed())).hasFileName("web.json");
  }

  @Test
  void whenTheFirstOneEndsElsewhereThePlaceIsFreeAgain() throws IOException {
    assertThatThrownBy(() -> files.write(directories.failed(), first, failed()))
        .isInstanceOf(IOException.class);
    removeObstacle();
    files.write(directories.processed(), first, failed());

    assertThat(files.write(directories.failed(), second, failed())).hasFileName("web.json");
  }

  @Test
  void whatIsLeftOfAReportThatCannotBeWrittenIsNotItsSignature() throws IOException {
    files =
        new ReportFiles(
            new ManifestPlaces(),
            new ManifestRecords(directories),
            new RetryManifest(new ManifestReader(Installations.OPEN), 1 << 20),
            Optional.empty(),
            JobLogs.none(),
            new SignedReports(Optional.of(TestKeys.signer(folder, "own"))));

    assertThatThrownBy(() -> files.write(directories.failed(), first, failed()))
        .isInstanceOf(IOException.class);
    removeObstacle();

    assertThat(obstacle.getParent()).isEmptyDirectory();
    files.write(directories.failed(), first, failed());
    assertThat(obstacle.getParent().toFile().list())
        .containsExactlyInAnyOrder("web.json.error.json", "web.json.error.json.intoto.jsonl");
  }
}
