package io.hyper2kvm.tool.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.tool.ToolUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TesseractTest {

  @TempDir Path directory;

  private Tesseract program(String script, Map<String, String> own) throws IOException {
    Path file = directory.resolve("tesseract");
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new Tesseract(file.toString(), ToolUser.OWN, own);
  }

  private Path picture() {
    return directory.resolve("screen.pgm");
  }

  @Test
  void itGetsNoMoreOfTheEnvironmentThanOtherTools() throws Exception {
    Map<String, String> own =
        Map.of("PATH", "/usr/bin:/bin", "SECRET", "x", "LD_PRELOAD", "/x.so", "HOME", "/root");

    String text = program("env", own).read(picture());

    assertThat(text.lines())
        .contains("OMP_THREAD_LIMIT=1", "HOME=" + directory, "PATH=/usr/bin:/bin")
        .noneMatch(line -> line.startsWith("SECRET=") || line.startsWith("LD_PRELOAD="));
  }

  @Test
  void itIsAskedForTextOnStandardOutput() throws Exception {
    assertThat(program("echo \"$@\"", Map.of()).read(picture()))
        .isEqualTo(picture() + " stdout --psm 6");
  }

  @Test
  void aFailureIsNoText() throws Exception {
    Tesseract failing = program("echo half; exit 1", Map.of());

    assertThat(failing.read(picture())).isEmpty();
    assertThat(failing.available()).isTrue();
  }

  @Test
  void moreThanAnyScreenHasIsNoText() throws Exception {
    assertThat(program("exec yes", Map.of()).read(picture())).isEmpty();
  }

  @Test
  void aProgramThatIsNotThereIsMissing() throws Exception {
    Tesseract none = new Tesseract("no-such-ocr", ToolUser.OWN, Map.of());

    assertThat(none.read(picture())).isEmpty();
    assertThat(none.available()).isFalse();
  }

  @Test
  void anInterruptEndsTheReading() throws Exception {
    Tesseract slow = program("exec sleep 300", Map.of());
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> slow.read(picture())).isInstanceOf(InterruptedException.class);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }
}
