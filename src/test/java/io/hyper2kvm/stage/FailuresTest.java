package io.hyper2kvm.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.probe.ImageProbe;
import io.hyper2kvm.report.Failure;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.tool.ToolCommand;
import io.hyper2kvm.tool.ToolFailedException;
import io.hyper2kvm.tool.ToolResult;
import io.hyper2kvm.tool.ToolRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailuresTest {

  private static Failure of(Throwable thrown) {
    return Failures.of("web", Optional.of(StageName.CONVERT), thrown);
  }

  /** What a route makes of an exception: two wrappers that say nothing of their own. */
  private static Throwable wrapped(Throwable cause) {
    return new RuntimeException(
        "Exception occurred during execution on the exchange", new IllegalStateException(cause));
  }

  private static ToolCommand command(String executable, int seconds, String... arguments) {
    return new ToolCommand(
        executable,
        List.of(arguments),
        Path.of("/var/tmp"),
        Map.of(),
        new byte[0],
        Duration.ofSeconds(seconds),
        10,
        line -> {},
        Optional.empty());
  }

  private static ToolFailedException exited(String stderr) {
    return ToolFailedException.exited(
        command("qemu-img", 9, "convert", "/in/my vm"),
        new ToolResult(1, new byte[0], stderr, Duration.ofSeconds(1)));
  }

  private static ToolFailedException run(ToolCommand command) {
    return catchThrowableOfType(ToolFailedException.class, () -> new ToolRunner().run(command));
  }

  @Test
  void whatNobodyExpectedIsInternal() {
    Failure failure = of(new NullPointerException("x is null"));

    assertThat(failure.code()).isEqualTo(FailureCode.INTERNAL_ERROR);
    assertThat(failure.message()).isEqualTo("NullPointerException: x is null");
    assertThat(failure.exception()).contains("java.lang.NullPointerException", "at ");
  }

  @Test
  void aToolsFailureIsFoundBelowItsWrappers() {
    Failure failure = of(wrapped(exited("warning\nqemu-img: broken\n")));

    assertThat(failure.code()).isEqualTo(FailureCode.TOOL_EXITED_NONZERO);
    assertThat(failure.message()).isEqualTo("qemu-img exited with 1: qemu-img: broken");
    assertThat(failure.command()).contains("qemu-img convert '/in/my vm'");
    assertThat(failure.exitCode()).hasValue(1);
    assertThat(failure.stderrTail()).isEqualTo("warning\nqemu-img: broken\n");
    assertThat(failure.vm()).contains("web");
    assertThat(failure.stage()).contains(StageName.CONVERT);
    assertThat(failure.hint()).isEqualTo(FailureCode.TOOL_EXITED_NONZERO.hint());
  }

  @ParameterizedTest
  @CsvSource({
    "qemu-img: error while writing: No space left on device",
    "qemu-img: error while writing at byte 4096: Disk quota exceeded"
  })
  void aToolThatFoundNoSpaceIsNoSpace(String stderr) {
    assertThat(of(wrapped(exited(stderr))).code()).isEqualTo(FailureCode.NO_SPACE);
  }

  @Test
  void aMissingToolIsNotFound() {
    Failure failure = of(wrapped(run(command("no-such-tool", 9))));

    assertThat(failure.code()).isEqualTo(FailureCode.TOOL_NOT_FOUND);
    assertThat(failure.message()).contains("no-such-tool");
    assertThat(failure.exitCode()).isEmpty();
  }

  @Test
  void aToolWhoseTimeWasUpTimedOut() {
    assertThat(of(run(command("/bin/sleep", 1, "100"))).code())
        .isEqualTo(FailureCode.TOOL_TIMED_OUT);
  }

  @Test
  void aToolThatPrintsTooMuchIsUnreadable() {
    assertThat(of(run(command("/usr/bin/yes", 60))).code())
        .isEqualTo(FailureCode.TOOL_ANSWER_UNREADABLE);
  }

  @Test
  void aStoppedToolIsCancelled() {
    Thread.currentThread().interrupt();
    ToolFailedException stopped = run(command("/bin/sleep", 60, "100"));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(of(wrapped(stopped)).code()).isEqualTo(FailureCode.CANCELLED);
  }

  @Test
  void aStagesOwnJudgementCountsBeforeTheToolBelowIt() {
    Failure failure =
        of(
            wrapped(
                StageFailedException.causedBy(
                    FailureCode.APPLIANCE_FAILED, "the appliance died", exited("gone"))));

    assertThat(failure.code()).isEqualTo(FailureCode.APPLIANCE_FAILED);
    assertThat(failure.message()).isEqualTo("the appliance died");
    assertThat(failure.exitCode()).hasValue(1);
    assertThat(failure.stderrTail()).isEqualTo("gone");
  }

  @Test
  void aRefusedImageKeepsItsOwnHint() {
    ImageRefusedException refused =
        catchThrowableOfType(
            ImageRefusedException.class, () -> new ImageProbe().probe(Path.of("/nowhere/x.vmdk")));

    Failure failure = of(wrapped(refused));

    assertThat(failure.code()).isEqualTo(FailureCode.SOURCE_NOT_FOUND);
    assertThat(failure.hint()).isEqualTo(refused.hint());
  }

  @Test
  void noSpaceForAFileIsNoSpace() {
    Failure failure =
        of(wrapped(new FileSystemException("/out/web", null, "No space left on device")));

    assertThat(failure.code()).isEqualTo(FailureCode.NO_SPACE);
    assertThat(failure.message()).isEqualTo("no space is left for /out/web");
  }

  @Test
  void noSpaceDuringAWriteNamesNoFileAndIsNoSpaceAllTheSame() {
    // What a stream throws; only opening and renaming name the file.
    Failure failure =
        of(wrapped(new UncheckedIOException(new IOException("No space left on device"))));

    assertThat(failure.code()).isEqualTo(FailureCode.NO_SPACE);
  }

  @Test
  void anotherErrorOfAFileIsInternal() {
    assertThat(of(new AccessDeniedException("/x")).code()).isEqualTo(FailureCode.INTERNAL_ERROR);
  }

  @Test
  void beforeTheFirstStageThereIsNone() {
    assertThat(Failures.of("web", Optional.empty(), new RuntimeException()).stage()).isEmpty();
  }
}
