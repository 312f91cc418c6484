package io.hyper2kvm.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobsTest {

  private static final LocalDate DAY = LocalDate.of(2026, 1, 24);

  @TempDir Path folder;
  private WorkflowDirectories directories;
  private Jobs jobs;

  @BeforeEach
  void directories() throws IOException {
    directories = new WorkflowDirectories(folder);
    directories.create();
    jobs = new Jobs(directories);
  }

  private static Path put(Path folder, String name) throws IOException {
    return Files.writeString(Files.createDirectories(folder).resolve(name), "{}");
  }

  private static List<String> names(List<Job> found) {
    return found.stream().map(job -> job.file().name()).toList();
  }

  @Test
  void onlyManifestsCount() throws IOException {
    Path processing = directories.processing();
    put(processing, "b.json");
    put(processing, "a.yaml");
    put(processing, "a.yaml.status.json");
    put(processing, ".a.yaml.cancel");
    put(processing, "notes.txt");
    Files.createDirectory(processing.resolve("folder.json"));
    Files.createSymbolicLink(processing.resolve("link.json"), Path.of("b.json"));

    assertThat(names(jobs.running())).containsExactly("a.yaml", "b.json");
  }

  @Test
  void endedOnesAreThoseOfTheDay() throws IOException {
    put(WorkflowDirectories.day(directories.processed(), DAY), "good.json");
    put(WorkflowDirectories.day(directories.processed(), DAY), "good.json.report.json");
    put(WorkflowDirectories.day(directories.failed(), DAY), "bad.json");
    put(WorkflowDirectories.day(directories.failed(), DAY.minusDays(1)), "older.json");

    assertThat(names(jobs.ended(DAY))).containsExactly("good.json", "bad.json");
    assertThat(jobs.ended(DAY))
        .extracting(Job::state)
        .containsExactly(JobState.COMPLETED, JobState.FAILED);
  }

  @Test
  void retryManifestBesideAFailedBatchHasNotFailedItself() throws IOException {
    Path day = WorkflowDirectories.day(directories.failed(), DAY);
    put(day, "batch.json");
    put(day, "batch.json.error.json");
    put(day, "batch.retry.json");
    put(day, "other.retry.json");
    put(day, "other.retry.json.error.json");

    assertThat(names(jobs.ended(DAY))).containsExactly("batch.json", "other.retry.json");
  }

  @Test
  void daysAreTheFoldersThatAreDays() throws IOException {
    Files.createDirectories(directories.failed().resolve("2026-01-24"));
    Files.createDirectories(directories.processed().resolve("2026-01-24"));
    Files.createDirectories(directories.processed().resolve("2026-02-01"));
    Files.createDirectories(directories.processed().resolve("archive"));
    Files.createFile(directories.processed().resolve("2026-02-02"));

    assertThat(jobs.days()).containsExactly(LocalDate.of(2026, 2, 1), DAY);
  }

  @Test
  void missingFoldersAreEmpty() throws IOException {
    Files.delete(directories.failed());
    Files.delete(directories.toBeProcessed());

    assertThat(jobs.days()).isEmpty();
    assertThat(jobs.waiting()).isEmpty();
  }

  @Test
  void manifestIsFoundWhereverItWent() throws IOException {
    Path file = put(directories.toBeProcessed(), "web.json");
    FileIdentity identity = FileIdentity.of(file).orElseThrow();
    for (Path next :
        List.of(
            directories.processing().resolve("web.2.json"),
            WorkflowDirectories.day(directories.failed(), DAY).resolve("web.3.json"),
            directories.toBeProcessed().resolve("web.json"),
            WorkflowDirectories.day(directories.processed(), DAY).resolve("web.4.json"))) {
      Files.createDirectories(next.getParent());
      file = Files.move(file, next);

      assertThat(jobs.find(identity, DAY)).map(Job::manifest).contains(next);
    }
  }

  @Test
  void whatEndedBeforeTheDayIsNotLookedAt() throws IOException {
    Path file = put(WorkflowDirectories.day(directories.failed(), DAY), "web.json");

    assertThat(jobs.find(FileIdentity.of(file).orElseThrow(), DAY.plusDays(1))).isEmpty();
  }
}
