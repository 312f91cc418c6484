package io.hyper2kvm.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ToolFailedExceptionTest {

  private static ToolFailedException exited(String stderr) {
    ToolCommand command = Commands.in(Path.of("/var/tmp")).of("qemu-img", "info");
    return ToolFailedException.exited(
        command, new ToolResult(1, new byte[0], stderr, Duration.ofSeconds(1)));
  }

  @Test
  void theMessageQuotesTheLastLineOnly() {
    assertThat(exited("warning: old\nqemu-img: cannot open\n\n"))
        .hasMessage("qemu-img exited with 1: qemu-img: cannot open");
  }

  @Test
  void aToolThatSaidNothingIsNotQuotedAsSilence() {
    assertThat(exited(" \n")).hasMessage("qemu-img exited with 1: it printed no reason");
  }

  @Test
  void theExceptionCarriesWhatRepeatsTheRun() {
    ToolFailedException failure = exited("one\ntwo\n");

    assertThat(failure.reason()).isEqualTo(ToolFailedException.Reason.EXITED_NONZERO);
    assertThat(failure.exitCode()).hasValue(1);
    assertThat(failure.stderrTail()).isEqualTo("one\ntwo\n");
    assertThat(failure.command().display()).isEqualTo("qemu-img info");
  }
}
