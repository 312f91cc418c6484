package io.hyper2kvm.manifest.parse;

import java.util.Objects;
import java.util.Optional;

/**
 * One reason why a manifest is refused.
 *
 * @param path JSON pointer to the value, such as {@code /vms/3/pipeline/convert/output_format};
 *     empty for the manifest as a whole
 * @param line line in the file, from 1
 * @param column column in the line, from 1
 * @param found what stands there, shortened and without control characters; empty when something is
 *     missing
 * @param message what is wrong and what is allowed, a sentence without its final stop
 * @param suggestion what to write instead, a sentence
 */
public record Problem(
    String path, int line, int column, String found, String message, Optional<String> suggestion) {

  public Problem {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(found, "found");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(suggestion, "suggestion");
    if (line < 1 || column < 1) {
      throw new IllegalArgumentException("lines and columns start at 1: " + line + ":" + column);
    }
  }

  /** The problem in one line: {@code file:line:column /path: message. Suggestion} */
  public String describe(String fileName) {
    return fileName
        + ":"
        + line
        + ":"
        + column
        + (path.isEmpty() ? "" : " " + path)
        + ": "
        + message
        + suggestion.map(text -> ". " + text).orElse("");
  }
}
