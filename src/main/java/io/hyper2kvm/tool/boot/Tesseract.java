package io.hyper2kvm.tool.boot;

import io.hyper2kvm.tool.ToolCommand;
import io.hyper2kvm.tool.ToolEnvironment;
import io.hyper2kvm.tool.ToolFailedException;
import io.hyper2kvm.tool.ToolResult;
import io.hyper2kvm.tool.ToolRunner;
import io.hyper2kvm.tool.ToolUser;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads text from a picture with the program {@code tesseract}, when the host has it. */
final class Tesseract {

  private static final Duration LIMIT = Duration.ofSeconds(45);

  /** More text than any screen has; a program that prints more is ended, in bytes. */
  private static final int MOST_TEXT = 1 << 16;

  private final String binary;
  private final ToolRunner runner;
  private final Map<String, String> own;
  private boolean missing;

  /** The program, run as the given user: the picture is a stranger's. */
  Tesseract(String binary, ToolUser user) {
    this(binary, user, System.getenv());
  }

  /**
   * The same for a test.
   *
   * @param own this process's own environment, of which the program gets what other tools get
   */
  Tesseract(String binary, ToolUser user, Map<String, String> own) {
    this.binary = binary;
    this.runner = new ToolRunner(user);
    this.own = own;
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
    try {
      ToolResult result = runner.run(command(picture.toAbsolutePath()));
      return result.exitCode() == 0 ? result.text().strip() : "";
    } catch (ToolFailedException e) {
      if (e.reason() == ToolFailedException.Reason.INTERRUPTED && Thread.interrupted()) {
        throw new InterruptedException("interrupted while " + binary + " ran");
      }
      missing = e.reason() == ToolFailedException.Reason.NOT_STARTED;
      return "";
    }
  }

  private ToolCommand command(Path picture) {
    Path folder = picture.getParent();
    Map<String, String> environment = ToolEnvironment.of(own, folder.toString(), true);
    // One thread: the guest needs the other processors.
    environment.put("OMP_THREAD_LIMIT", "1");
    return new ToolCommand(
        binary,
        List.of(picture.toString(), "stdout", "--psm", "6"),
        folder,
        environment,
        new byte[0],
        LIMIT,
        MOST_TEXT,
        line -> {},
        Optional.empty());
  }
}
