package io.hyper2kvm.daemon.completion;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a manifest that a stop puts back into the drop zone. */
class ManifestEndTest {

  @TempDir private Path folder;
  private WorkflowDirectories directories;
  private Submission submission;
  private ManifestRecords records;
  private ManifestRun run;

  @BeforeEach
  void create() throws IOException {
    directories = new WorkflowDirectories(folder);
    directories.create();
    submission = new Submission(directories);
    records = new ManifestRecords(directories);
    run =
        new ManifestRun(
            new ManifestFile("web.json"),
            directories.processing().resolve("web.json"),
            OffsetDateTime.now());
  }

  /** As the file component does it: the manifest is moved, then this is called. */
  private void putBack() throws IOException {
    Path hidden = submission.hidden(run.original());
    run.putBack(hidden);
    Files.writeString(hidden, "at work");
    end().onDone(null);
  }

  private ManifestEnd end() {
    CancelRequests cancels =
        new CancelRequests(
            directories, new WaitingCancel(directories, new ManifestPlaces(), Clock.systemUTC()));
    return new ManifestEnd(
        run,
        records,
        cancels,
        new WaitingEnds(true, Clock.systemUTC()),
        submission,
        JobLogs.none());
  }

  private Path zone(String name) {
    return directories.toBeProcessed().resolve(name);
  }

  @Test
  void itHasItsNameAgain() throws IOException {
    putBack();

    assertThat(directories.toBeProcessed()).isDirectoryContaining(zone("web.json")::equals);
    assertThat(zone("web.json")).hasContent("at work");
    assertThat(directories.recovery()).isEmptyDirectory();
  }

  @Test
  void oneOfTheSameNameThatWasDroppedInThatMomentIsNotReplaced() throws IOException {
    Files.writeString(zone("web.json"), "dropped meanwhile");

    putBack();

    assertThat(zone("web.json")).hasContent("dropped meanwhile");
    assertThat(zone("web.2.json")).hasContent("at work");
    assertThat(records.original(zone("web.2.json"))).contains(new ManifestFile("web.json"));
  }

  @Test
  void aMoveThatFailedLeavesItForTheNextStart() throws IOException {
    Files.writeString(run.place(), "at work");
    run.putBack(submission.hidden(run.original()));

    end().onDone(null);

    assertThat(run.place()).hasContent("at work");
    assertThat(directories.toBeProcessed()).isEmptyDirectory();
  }
}
