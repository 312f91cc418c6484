package io.hyper2kvm.guest.initramfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a real tool; a tool that is not there fails the test and says which it was. */
final class Command {

  private Command() {}

  /** Standard output; fails on any other exit code than zero. */
  static String run(Path directory, String... command) throws IOException, InterruptedException {
    Path out = Files.createTempFile("command", ".out");
    Path errors = Files.createTempFile("command", ".err");
    try {
      Process process;
      try {
        process =
            new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(errors.toFile())
                .start();
      } catch (IOException e) {
        throw new AssertionError("this test needs the tool " + command[0], e);
      }
      process.getOutputStream().close();
      if (!process.waitFor(180, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(List.of(command) + " did not end within 180 s");
      }
      if (process.exitValue() != 0) {
        throw new AssertionError(
            "%s exited with %d: %s"
                .formatted(
                    List.of(command),
                    process.exitValue(),
                    Files.readString(errors, StandardCharsets.ISO_8859_1)));
      }
      return Files.readString(out, StandardCharsets.ISO_8859_1);
    } finally {
      Files.delete(out);
      Files.delete(errors);
    }
  }

  /** As {@link #run}, through a shell, for pipes; only for commands that stand in a test. */
  static String shell(Path directory, String script) throws IOException, InterruptedException {
    return run(directory, "bash", "-euo", "pipefail", "-c", script);
  }
}
