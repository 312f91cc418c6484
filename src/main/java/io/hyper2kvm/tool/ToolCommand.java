package io.hyper2kvm.tool;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One run of an external program. There is no shell: each argument reaches the program as it is.
 *
 * @param executable the program's name, looked up on the PATH of {@code environment}, or its path
 * @param arguments one element per argument
 * @param directory the working directory; absolute
 * @param environment the whole environment of the program; nothing is inherited
 * @param stdin what the program reads from its standard input; empty for none
 * @param timeout after this time the program and all its children are ended
 * @param maxStdoutBytes a program that prints more than this many bytes is ended
 * @param onLine called with each piece of standard output that ends in LF or CR, as it arrives;
 *     must be quick
 * @param stderrFile where standard error goes instead of {@link ToolResult#stderrTail}; for a
 *     program that leaves a daemon behind, which writes there long after it
 */
public record ToolCommand(
    String executable,
    List<String> arguments,
    Path directory,
    Map<String, String> environment,
    byte[] stdin,
    Duration timeout,
    int maxStdoutBytes,
    Consumer<String> onLine,
    Optional<Path> stderrFile) {

  /** Enough for the answer of every tool in use, and little enough for a small heap, in bytes. */
  public static final int DEFAULT_MAX_STDOUT_BYTES = 32 << 20;

  public ToolCommand {
    if (executable.isBlank()) {
      throw new IllegalArgumentException("executable is blank");
    }
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
    Objects.requireNonNull(stdin, "stdin");
    Objects.requireNonNull(onLine, "onLine");
    Objects.requireNonNull(stderrFile, "stderrFile");
    if (!directory.isAbsolute()) {
      throw new IllegalArgumentException("directory is not absolute: " + directory);
    }
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("timeout is not positive: " + timeout);
    }
    if (maxStdoutBytes <= 0) {
      throw new IllegalArgumentException("maxStdoutBytes is not positive: " + maxStdoutBytes);
    }
  }

  /** The command as a person would type it: words that need it are in single quotes. */
  public String display() {
    StringBuilder line = new StringBuilder(shown(executable));
    arguments.forEach(argument -> line.append(' ').append(shown(argument)));
    return line.toString();
  }

  private static String shown(String word) {
    boolean plain = !word.isEmpty() && word.chars().allMatch(ToolCommand::isPlain);
    return plain ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private static boolean isPlain(int c) {
    return Character.isLetterOrDigit(c) || "._-/=:,+@%".indexOf(c) >= 0;
  }
}
