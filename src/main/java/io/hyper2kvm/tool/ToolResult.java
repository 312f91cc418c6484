package io.hyper2kvm.tool;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The result of a program that ended by itself.
 *
 * @param exitCode its exit code; zero or not is for the caller to judge
 * @param stdout all that it wrote to standard output
 * @param stderrTail the end of what it wrote to standard error, as text
 * @param took from start to end
 */
public record ToolResult(int exitCode, byte[] stdout, String stderrTail, Duration took) {

  /** Standard output as UTF-8 text; bytes that are none become U+FFFD. */
  public String text() {
    return new String(stdout, StandardCharsets.UTF_8);
  }
}
