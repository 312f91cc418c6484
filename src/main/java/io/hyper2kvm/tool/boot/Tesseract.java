package io.hyper2kvm.tool.boot;

import io.hyper2kvm.tool.ToolUser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Reads text from a picture with the program {@code tesseract}, when the host has it. */
final class Tesseract {

  private static final Duration LIMIT = Duration.ofSeconds(45);

  /** How the program that becomes the other user tells that there is no such tool. */
  private static final int NOT_FOUND = 127;

  private static final int LONGEST_TEXT = 1 << 16;

  private final String binary;
  private final ToolUser user;
  private boolean missing;

  Tesseract(String binary) {
    this(binary, ToolUser.OWN);
  }

  /** The program, run as the given user: the picture is a stranger's. */
  Tesseract(String binary, ToolUser user) {
    this.binary = binary;
    this.user = user;
  }

  /** False once it turned out not to be installed. */
  boolean available() {
    return !missing;
  }

  /**
   * The picture's text, empty when the program is missing or fails: OCR is one witness of several.
   */
  String read(Path picture) throws InterruptedException {
    if (missing) {
      return "";
    }
    Path output = picture.resolveSibling("screen.txt");
    ProcessBuilder builder = new ProcessBuilder();
    // One thread: the guest needs the other processors.
    builder.environment().put("OMP_THREAD_LIMIT", "1");
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.redirectOutput(output.toFile());
    Process process = null;
    try {
      List<String> words = new ArrayList<>(user.prefix());
      words.addAll(List.of(binary, picture.toString(), "stdout", "--psm", "6"));
      process = builder.command(words).start();
      if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
        missing = user.isOther() && !process.isAlive() && process.exitValue() == NOT_FOUND;
        return "";
      }
      try (InputStream in = Files.newInputStream(output)) {
        return new String(in.readNBytes(LONGEST_TEXT), StandardCharsets.UTF_8).strip();
      }
    } catch (IOException e) {
      missing = process == null;
      return "";
    } finally {
      if (process != null) {
        process.destroyForcibly();
      }
    }
  }
}
