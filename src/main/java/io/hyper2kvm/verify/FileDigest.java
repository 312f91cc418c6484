package io.hyper2kvm.verify;

import io.hyper2kvm.stage.Sha256;
import io.hyper2kvm.tool.KnownTool;
import io.hyper2kvm.tool.Sha256Sum;
import io.hyper2kvm.tool.ToolCommand;
import io.hyper2kvm.tool.ToolFailedException;
import io.hyper2kvm.tool.ToolResult;
import io.hyper2kvm.tool.ToolRunner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Hashes whole images, by sha256sum where that is installed. */
public final class FileDigest {

  /** Longer than any image takes; a file system that does not answer must not wait for ever. */
  private static final Duration LONGEST = Duration.ofDays(1);

  private static final int MOST_ANSWER = 64 << 10;

  private final Map<String, String> environment;

  /**
   * A digest by the tools of an environment.
   *
   * @param environment with the PATH
   */
  public FileDigest(Map<String, String> environment) {
    this.environment = Map.of("PATH", environment.getOrDefault("PATH", "/usr/bin:/bin"));
  }

  /**
   * The SHA-256 of a regular file, in hexadecimal digits.
   *
   * @param file absolute
   */
  String of(Path file) throws IOException {
    if (KnownTool.find(Sha256Sum.PROGRAM, environment).isEmpty()) {
      return Sha256.of(file);
    }
    ToolCommand command =
        new ToolCommand(
            Sha256Sum.PROGRAM,
            Sha256Sum.of(file),
            Path.of("/"),
            environment,
            new byte[0],
            LONGEST,
            MOST_ANSWER,
            line -> {},
            Optional.empty());
    ToolResult result = new ToolRunner().run(command);
    if (result.exitCode() != 0) {
      throw ToolFailedException.exited(command, result);
    }
    try {
      return Sha256Sum.parse(result.text());
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
