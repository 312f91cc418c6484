package io.hyper2kvm.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkflowLockTest {

  @TempDir Path directory;
  private final List<Process> others = new ArrayList<>();

  @AfterEach
  void end() {
    others.forEach(Process::destroyForcibly);
  }

  private WorkflowDirectories directories() {
    return new WorkflowDirectories(directory);
  }

  private static Path classesOf(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  /** Starts another Java and gives its first line. */
  private String otherProcess() throws Exception {
    String path = classesOf(WorkflowLock.class) + ":" + classesOf(LockHolder.class);
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                path,
                LockHolder.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .start();
    others.add(other);
    return new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8))
        .readLine();
  }

  @Test
  void aMissingDirectoryIsAnError() {
    assertThatThrownBy(
            () -> WorkflowLock.take(new WorkflowDirectories(directory.resolve("missing"))))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void anotherProcessOwnsIt() throws Exception {
    assertThat(otherProcess()).isEqualTo("owned true");

    assertThatThrownBy(() -> WorkflowLock.take(directories()))
        .isInstanceOf(WorkflowLock.DirectoryOwnedException.class)
        .hasMessage(
            "%s belongs to the running process %d: stop that one, or use another directory"
                .formatted(directory, others.get(0).pid()));
  }

  @Test
  void anOwnerThatWasKilledOwnsNothing() throws Exception {
    assertThat(otherProcess()).isEqualTo("owned true");
    others.get(0).destroyForcibly().waitFor();

    try (WorkflowLock lock = WorkflowLock.take(directories())) {
      assertThat(lock).isNotNull();
      assertThat(directory.resolve(".hyper2kvm.lock"))
          .hasContent(String.valueOf(ProcessHandle.current().pid()));
    }
  }

  @Test
  void aSecondAttemptInThisProcessIsRefusedAndKeepsOtherProcessesOut() throws Exception {
    String pid = String.valueOf(ProcessHandle.current().pid());
    try (WorkflowLock lock = WorkflowLock.take(directories())) {
      assertThat(lock).isNotNull();
      assertThatThrownBy(() -> WorkflowLock.take(directories()))
          .isInstanceOf(WorkflowLock.DirectoryOwnedException.class)
          .hasMessageContaining("process " + pid + ":");

      // The refusal must not have given the kernel's lock away.
      assertThat(otherProcess()).contains("belongs to the running process " + pid);
    }
  }

  @Test
  void theSameDirectoryByAnotherNameIsTheSameDirectory() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), directory);
    try (WorkflowLock lock = WorkflowLock.take(directories())) {
      assertThat(lock).isNotNull();

      assertThatThrownBy(() -> WorkflowLock.take(new WorkflowDirectories(link)))
          .isInstanceOf(WorkflowLock.DirectoryOwnedException.class);
    }
  }

  @Test
  void aDirectoryThatWasGivenBackCanBeTakenAgain() throws IOException {
    WorkflowLock first = WorkflowLock.take(directories());
    first.close();
    try (WorkflowLock second = WorkflowLock.take(directories())) {
      first.close();

      assertThat(second).isNotNull();
      assertThatThrownBy(() -> WorkflowLock.take(directories()))
          .isInstanceOf(WorkflowLock.DirectoryOwnedException.class);
    }
  }
}
