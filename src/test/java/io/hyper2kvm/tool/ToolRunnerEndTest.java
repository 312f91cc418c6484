package io.hyper2kvm.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hyper2kvm.tool.ToolFailedException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How a tool is ended before it ends by itself, and what then is left of it: nothing. Those that
 * only wait for a time to be up do so at once.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ToolRunnerEndTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** A shell with a child and a grandchild; each writes its process id before it goes on. */
  private static final String FAMILY =
      "echo $$ > pids; sh -c 'echo $$ >> pids; sleep 300 & echo $! >> pids; echo up; wait' & wait";

  @TempDir Path directory;
  private final ToolRunner runner = new ToolRunner();
  private Commands commands;

  @BeforeEach
  void commands() {
    commands = Commands.in(directory);
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    pids().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
  }

  private List<Long> pids() throws Exception {
    Path file = directory.resolve("pids");
    if (!Files.exists(file)) {
      return List.of();
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines.filter(line -> !line.isBlank()).map(Long::valueOf).toList();
    }
  }

  private static boolean lives(long pid) {
    return ProcessIdentity.of(pid).isPresent(); // not one of which only the exit code is left
  }

  private void assertAllEnd(int count) throws Exception {
    List<Long> pids = pids();
    assertThat(pids).hasSize(count);
    await().atMost(LIMIT).until(() -> pids.stream().noneMatch(ToolRunnerEndTest::lives));
  }

  private static void assertReason(ToolFailedException failure, Reason reason) {
    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.exitCode()).isEmpty();
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aTimeOutEndsTheWholeProcessTree() throws Exception {
    ToolCommand family = commands.timeout(Duration.ofSeconds(3)).sh(FAMILY);

    assertThatThrownBy(() -> runner.run(family))
        .hasMessage("/bin/sh did not end within 3 s and was ended")
        .isInstanceOfSatisfying(
            ToolFailedException.class, failure -> assertReason(failure, Reason.TIMED_OUT));
    assertAllEnd(3);
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void whatWasWrittenToStandardErrorBeforeTheTimeOutIsTold() {
    ToolCommand slow =
        commands.timeout(Duration.ofSeconds(2)).sh("echo waiting for a lock >&2; exec sleep 300");

    assertThatThrownBy(() -> runner.run(slow))
        .isInstanceOfSatisfying(
            ToolFailedException.class,
            failure -> assertThat(failure.stderrTail()).isEqualTo("waiting for a lock\n"));
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aToolThatIgnoresTheTerminationIsKilled() throws Exception {
    ToolCommand stubborn =
        commands
            .timeout(Duration.ofSeconds(2))
            .sh("trap '' TERM; echo $$ > pids; while :; do sleep 1; done");

    assertThatThrownBy(() -> runner.run(stubborn))
        .isInstanceOfSatisfying(
            ToolFailedException.class, failure -> assertReason(failure, Reason.TIMED_OUT));
    assertAllEnd(1);
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aStubbornGrandchildIsKilledThoughItsParentsWentAtOnce() throws Exception {
    ToolCommand family =
        commands
            .timeout(Duration.ofSeconds(3))
            .sh("sh -c 'trap \"\" TERM; echo $$ > pids; while :; do sleep 1; done' & wait");

    assertThatThrownBy(() -> runner.run(family)).isInstanceOf(ToolFailedException.class);
    assertAllEnd(1);
  }

  /** Each starts a child that has no parent of the tree any more when it is looked for. */
  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @ValueSource(
      strings = {
        "trap 'sleep 300 & echo $! >> pids; exit' TERM; echo up; while :; do sleep 1; done",
        "trap '(sleep 300 & echo $! >> pids); exit' TERM; echo up; while :; do sleep 1; done",
        "trap 'setsid sleep 300 & echo $! >> pids; exit' TERM; echo up; while :; do sleep 1; done",
        "(sleep 300 & echo $! >> pids); echo up; while :; do sleep 1; done",
        "echo up; while :; do (sleep 300 & echo $! >> pids); sleep 0.01; done",
        "trap '(trap \"\" TERM; sleep 300 & echo $! >> pids); exit' TERM; echo up; while :; do"
            + " sleep 1; done",
      })
  void aChildThatIsStartedWhileTheTreeIsEndedIsEndedToo(String script) throws Exception {
    ToolCommand forking = commands.timeout(Duration.ofSeconds(2)).sh(script);

    assertThatThrownBy(() -> runner.run(forking)).isInstanceOf(ToolFailedException.class);

    assertThat(pids()).isNotEmpty().noneMatch(ToolRunnerEndTest::lives);
  }

  /** As guestfish --listen does: what it started belongs to it, whoever is its parent now. */
  @Test
  void whatAToolLeftBehindIsEndedWithAllOfItsRun() throws Exception {
    runner.run(commands.sh("(sleep 300 & echo $! >> pids); sleep 300 & echo $! >> pids"));
    List<Long> left = pids();
    assertThat(left).hasSize(2).allMatch(ToolRunnerEndTest::lives);

    ProcessTree.end(ProcessHandle.of(left.get(1)).orElseThrow());

    assertThat(left).noneMatch(ToolRunnerEndTest::lives);
  }

  @Test
  void anotherRunOfTheSameToolGoesOn() throws Exception {
    runner.run(commands.sh("sleep 300 & echo $! >> pids"));
    runner.run(commands.sh("sleep 300 & echo $! >> pids"));

    ProcessTree.end(ProcessHandle.of(pids().get(0)).orElseThrow());

    assertThat(pids().stream().map(ToolRunnerEndTest::lives)).containsExactly(false, true);
  }

  @Test
  void aToolThatPrintsWithoutEndIsEnded() throws Exception {
    ToolCommand chatty = commands.maxStdoutBytes(100_000).sh("echo $$ > pids; exec yes");

    assertThatThrownBy(() -> runner.run(chatty))
        .hasMessageContaining("100000 bytes")
        .isInstanceOfSatisfying(
            ToolFailedException.class, failure -> assertReason(failure, Reason.PRINTED_TOO_MUCH));
    assertAllEnd(1);
  }

  @Test
  void exactlyTheBoundIsNotTooMuch() throws Exception {
    ToolCommand command = commands.maxStdoutBytes(70_000).sh("head -c 70000 /dev/zero");

    assertThat(runner.run(command).stdout()).hasSize(70_000);
  }

  @Test
  void oneByteMoreThanTheBoundIsTooMuchAlsoAtTheToolsEnd() {
    ToolCommand command = commands.maxStdoutBytes(70_000).sh("head -c 70001 /dev/zero");

    assertThatThrownBy(() -> runner.run(command))
        .isInstanceOfSatisfying(
            ToolFailedException.class, failure -> assertReason(failure, Reason.PRINTED_TOO_MUCH));
  }

  @Test
  void aFloodOfStandardErrorNeitherEndsNorBlocksTheTool() throws Exception {
    ToolResult result =
        runner.run(commands.sh("head -c 50000000 /dev/zero >&2; echo end >&2; exit 4"));

    assertThat(result.exitCode()).isEqualTo(4);
    assertThat(result.stderrTail()).hasSize(16 << 10).endsWith("end\n");
  }

  @Test
  void anInterruptEndsTheToolAndStaysSet() throws Exception {
    AtomicReference<ToolFailedException> failure = new AtomicReference<>();
    AtomicBoolean flag = new AtomicBoolean();
    CompletableFuture<Void> up = new CompletableFuture<>();
    ToolCommand family = commands.onLine(line -> up.complete(null)).sh(FAMILY);
    Thread caller =
        new Thread(
            () -> {
              try {
                runner.run(family);
              } catch (ToolFailedException e) {
                failure.set(e);
                flag.set(Thread.currentThread().isInterrupted());
              }
            });
    caller.start();
    up.get(LIMIT.toSeconds(), TimeUnit.SECONDS);

    caller.interrupt();
    caller.join(LIMIT.toMillis());

    assertReason(failure.get(), Reason.INTERRUPTED);
    assertThat(flag).isTrue();
    assertAllEnd(3);
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aDaemonThatIsLeftBehindWithThePipesHoldsNobodyUp() throws Exception {
    ToolCommand forking =
        commands
            .timeout(Duration.ofSeconds(60))
            .sh("sleep 300 & echo $! > pids; echo GUESTFISH_PID=$!; echo warning >&2");

    ToolResult result = runner.run(forking);

    assertThat(result.exitCode()).isZero();
    assertThat(result.text()).isEqualTo("GUESTFISH_PID=" + pids().get(0) + "\n");
    assertThat(result.stderrTail()).isEqualTo("warning\n");
    assertThat(lives(pids().get(0))).as("the daemon, for which nobody waited").isTrue();
  }

  @Test
  void aCallbackThatFailsEndsTheToolAndIsTold() throws Exception {
    ToolCommand command =
        commands
            .onLine(
                line -> {
                  throw new IllegalStateException("cannot take " + line);
                })
            .sh("echo $$ > pids; echo 7; exec yes");

    assertThatThrownBy(() -> runner.run(command))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("cannot take 7");
    assertAllEnd(1);
  }

  @Test
  void endingATreeThatIsGoneDoesNothing() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();

    ProcessTree.end(gone.toHandle());

    assertThat(gone.isAlive()).isFalse();
  }
}
