package io.hyper2kvm.guest.edit;

import java.util.Objects;

/**
 * Something a rule looked at and did not change, with the reason, as evidence for the report.
 *
 * @param file absolute path inside the guest
 * @param line number of the line, from 1; 0 means the whole file
 * @param text the text that stays
 * @param reason one sentence for a human: why it stays
 */
public record LeftAlone(String file, int line, String text, String reason) {

  /** Checks that every part is there and the line is not negative. */
  public LeftAlone {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(reason, "reason");
    if (line < 0) {
      throw new IllegalArgumentException("line is negative: " + line);
    }
  }
}
