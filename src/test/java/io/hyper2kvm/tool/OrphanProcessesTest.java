package io.hyper2kvm.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which processes of a dead daemon are ended at the next start, and which are left alone. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OrphanProcessesTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir Path directory;
  private final List<ProcessHandle> started = new ArrayList<>();

  @AfterEach
  void end() {
    started.forEach(ProcessHandle::destroyForcibly);
  }

  private String owner() {
    return "test-" + directory;
  }

  private ProcessIdentity start(Map<String, String> environment, String script) throws Exception {
    return ProcessIdentity.of(launch(environment, script)).orElseThrow();
  }

  /** Starts a script that may have ended when this returns. */
  private long launch(Map<String, String> environment, String script) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", script);
    builder.directory(directory.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/bin:/bin");
    builder.environment().putAll(environment);
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    started.add(process.toHandle());
    return process.pid();
  }

  private ProcessIdentity marked(String script) throws Exception {
    ProcessIdentity process = start(Map.of(OrphanProcesses.OWNER, owner()), script);
    // Java's own starter becomes the shell, with its environment, a moment later.
    Path environ = Path.of("/proc", String.valueOf(process.pid()), "environ");
    await().atMost(LIMIT).until(() -> Files.readString(environ).contains(owner()));
    return process;
  }

  private List<ProcessIdentity> endLeft(ProcessIdentity... recorded) throws Exception {
    return new OrphanProcesses(owner(), List.of(recorded)).end(LIMIT);
  }

  private ProcessIdentity written(String file) {
    Path path = directory.resolve(file);
    await().atMost(LIMIT).until(() -> Files.exists(path) && Files.size(path) > 0);
    try {
      long pid = Long.parseLong(Files.readString(path).strip());
      ProcessHandle.of(pid).ifPresent(started::add);
      return ProcessIdentity.of(pid).orElseThrow();
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void nothingLeftIsNothingEnded() throws Exception {
    assertThat(endLeft()).isEmpty();
  }

  @Test
  void aToolOfAnotherUserIsFoundAndEnded() throws Exception {
    assumeTrue(ToolUser.isRoot(), "only root can run tools as another user");
    ToolUser nobody = ToolUser.named("nobody");
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(nobody.prefix()));
    builder.command().addAll(List.of("/bin/sh", "-c", "sleep 300 & wait"));
    builder.environment().put(OrphanProcesses.OWNER, owner());
    Process tool = builder.start();
    started.add(tool.toHandle());
    await().atMost(LIMIT).until(() -> nobody.owns(tool.pid()) && tool.descendants().count() == 1);
    ProcessIdentity child =
        ProcessIdentity.of(tool.descendants().findFirst().orElseThrow().pid()).orElseThrow();

    assertThat(endLeft()).contains(child);
    assertThat(tool.isAlive()).isFalse();
    assertThat(child.isAlive()).isFalse();
  }

  @Test
  void aToolIsFoundByItsEnvironmentThoughNobodyRecordedIt() throws Exception {
    ProcessIdentity tool = marked("exec sleep 300");

    assertThat(endLeft()).containsExactly(tool);
    assertThat(tool.isAlive()).isFalse();
  }

  @Test
  void aDescendantWhoseParentsAreGoneIsFound() throws Exception {
    // What the starters leave is in a session of its own, and the child of process 1.
    launch(
        Map.of(OrphanProcesses.OWNER, owner()),
        "setsid sh -c 'sleep 300 & echo $! >pid.tmp; mv pid.tmp pid' &");
    ProcessIdentity orphan = written("pid");

    assertThat(endLeft()).contains(orphan);
    assertThat(orphan.isAlive()).isFalse();
  }

  @Test
  void aRecordedToolIsFoundThoughItHidesItsEnvironment() throws Exception {
    ProcessIdentity tool = start(Map.of(), "exec sleep 300");

    assertThat(endLeft(tool)).containsExactly(tool);
    assertThat(tool.isAlive()).isFalse();
  }

  @Test
  void theChildrenOfARecordedToolAreFound() throws Exception {
    ProcessIdentity tool = start(Map.of(), "sleep 300 & echo $! >pid.tmp; mv pid.tmp pid; wait");
    ProcessIdentity child = written("pid");

    assertThat(endLeft(tool)).containsExactlyInAnyOrder(tool, child);
    assertThat(child.isAlive()).isFalse();
  }

  @Test
  void aToolThatIgnoresTheRequestIsKilled() throws Exception {
    ProcessIdentity tool =
        marked("trap '' TERM; echo $$ >pid.tmp; mv pid.tmp pid; while :; do sleep 0.1; done");
    written("pid");

    endLeft();

    assertThat(tool.isAlive()).isFalse();
  }

  @Test
  void aStoppedToolIsKilled() throws Exception {
    ProcessIdentity tool = marked("kill -STOP $$; sleep 300");

    endLeft();

    assertThat(tool.isAlive()).isFalse();
  }

  @Test
  void aProcessThatGotTheIdOfADeadToolIsLeftAlone() throws Exception {
    ProcessIdentity other = start(Map.of(), "exec sleep 300");
    ProcessIdentity dead = new ProcessIdentity(other.pid(), other.start() - 1, other.boot());

    assertThat(endLeft(dead)).isEmpty();
    assertThat(other.isAlive()).isTrue();
  }

  @Test
  void aProcessOfAnotherBootIsLeftAlone() throws Exception {
    ProcessIdentity other = start(Map.of(), "exec sleep 300");
    ProcessIdentity dead = new ProcessIdentity(other.pid(), other.start(), "0-1");

    assertThat(endLeft(dead)).isEmpty();
    assertThat(other.isAlive()).isTrue();
  }

  @Test
  void theToolsOfAnotherDaemonAreLeftAlone() throws Exception {
    ProcessIdentity other = start(Map.of(OrphanProcesses.OWNER, owner() + "2"), "exec sleep 300");

    assertThat(endLeft()).isEmpty();
    assertThat(other.isAlive()).isTrue();
  }

  @Test
  void whatTheVariableSaysInTheMiddleOfAnotherIsNoMark() throws Exception {
    ProcessIdentity other =
        start(Map.of("X", OrphanProcesses.OWNER + "=" + owner()), "exec sleep 300");

    assertThat(endLeft()).isEmpty();
    assertThat(other.isAlive()).isTrue();
  }

  @Test
  void thisProcessIsNeverEnded() throws Exception {
    // Its children may be among them: what the tests before started and ended.
    assertThat(endLeft(ProcessIdentity.current())).doesNotContain(ProcessIdentity.current());
  }
}
