package io.hyper2kvm.daemon.completion;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.TestClock;
import io.hyper2kvm.config.RetentionConfig;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionSweepTest {

  @TempDir Path root;
  private WorkflowDirectories directories;
  private Path processed;
  private Path failed;

  @BeforeEach
  void manifestsOfLastYear() throws IOException {
    directories = new WorkflowDirectories(root);
    directories.create();
    processed = manifest(directories.processed());
    failed = manifest(directories.failed());
  }

  private static Path manifest(Path folder) throws IOException {
    Path day = Files.createDirectories(folder.resolve("2025-01-24"));
    return Files.writeString(day.resolve("web.json"), "{}");
  }

  private void sweep(Optional<Duration> retainProcessed, Optional<Duration> retainFailed)
      throws IOException {
    new RetentionSweep(
            directories, new RetentionConfig(retainProcessed, retainFailed), new TestClock())
        .sweep();
  }

  @Test
  void withoutALimitNothingIsRemoved() throws IOException {
    sweep(Optional.empty(), Optional.empty());

    assertThat(processed).exists();
    assertThat(failed).exists();
  }

  @Test
  void eachFolderHasItsOwnLimit() throws IOException {
    sweep(Optional.of(Duration.ofDays(400)), Optional.of(Duration.ofDays(30)));

    assertThat(processed).exists();
    assertThat(failed).doesNotExist();
  }
}
