package io.hyper2kvm.guest.network.survey;

import java.util.Objects;

/**
 * Something that was seen and left alone.
 *
 * @param path absolute guest path
 * @param line number in the file, from 1; 0 for the file as a whole
 * @param text the line
 * @param reason why it was left
 */
public record Note(String path, int line, String text, String reason) {

  public Note {
    Objects.requireNonNull(path, "path");
    if (line < 0) {
      throw new IllegalArgumentException("line is negative: " + line);
    }
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(reason, "reason");
  }
}
