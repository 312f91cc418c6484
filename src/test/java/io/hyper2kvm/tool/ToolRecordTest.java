package io.hyper2kvm.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ToolRecordTest {

  @TempDir Path directory;

  @Test
  void aProcessIsTheSameAsLongAsItRuns() {
    assertThat(ProcessIdentity.current()).isEqualTo(ProcessIdentity.current());
    assertThat(ProcessIdentity.current().isAlive()).isTrue();
  }

  @Test
  void anIdentitySurvivesItsText() {
    assertThat(ProcessIdentity.parse(ProcessIdentity.current().text()))
        .contains(ProcessIdentity.current());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1", "0 1 a", "-1 1 a", "1 1 a b", "1 99999999999999999999 a", "1 1 ../x"})
  void anyOtherTextIsNoIdentity(String text) {
    assertThat(ProcessIdentity.parse(text)).isEmpty();
  }

  @Test
  void aProcessOfWhichOnlyTheExitCodeIsLeftHasEnded() throws Exception {
    // The child ends when the shell, which would ask for its end, has become another program.
    String child = "(until grep -q '(sleep)' /proc/$$/stat; do sleep 0.05; done)";
    Process parent =
        new ProcessBuilder("/bin/sh", "-c", child + " & echo $!; exec sleep 300").start();
    try {
      String pid = parent.inputReader().readLine();
      Path stat = Path.of("/proc", pid, "stat");
      await().atMost(Duration.ofSeconds(30)).until(() -> Files.readString(stat).contains(") Z "));

      assertThat(ProcessIdentity.of(Long.parseLong(pid))).isEmpty();
    } finally {
      parent.destroyForcibly();
    }
  }

  @Test
  void aToolIsRecordedWhileItRunsAndNoLonger() throws Exception {
    // The record is written after the start: the tool may have to wait for it.
    ToolCommand waiting =
        Commands.in(directory).sh("until [ -s .tool-$$ ]; do sleep 0.05; done; cat .tool-$$");
    String recorded = new ToolRunner().run(waiting).text();

    assertThat(ProcessIdentity.parse(recorded)).isPresent();
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void recordsAreReadBack() throws Exception {
    ToolRecord.write(directory, ProcessHandle.current().pid());

    assertThat(ToolRecord.read(directory)).containsExactly(ProcessIdentity.current());
  }

  @Test
  void whatIsNoRecordIsPassedOver() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), ProcessIdentity.current().text());
    Files.createSymbolicLink(directory.resolve(".tool-1"), secret);
    Files.createDirectory(directory.resolve(".tool-2"));
    Files.writeString(directory.resolve(".tool-3"), "");
    Files.write(directory.resolve(".tool-4"), new byte[100_000]);

    assertThat(ToolRecord.read(directory)).isEqualTo(List.of());
  }

  @Test
  void aToolThatCannotBeRecordedRunsAllTheSame() throws Exception {
    // Nobody, not even root, can write a file into /proc.
    ToolCommand command =
        new ToolCommand(
            "/bin/echo",
            List.of("up"),
            Path.of("/proc"),
            java.util.Map.of(),
            new byte[0],
            Duration.ofSeconds(60),
            1000,
            line -> {},
            Optional.empty());

    assertThat(new ToolRunner().run(command).text()).isEqualTo("up\n");
  }
}
