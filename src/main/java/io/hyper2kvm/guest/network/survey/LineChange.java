package io.hyper2kvm.guest.network.survey;

import java.util.Objects;

/**
 * Evidence of one changed line.
 *
 * @param line number in the file before the change, from 1; for an added line, of the line it
 *     follows (0 in a new file)
 * @param before the line, empty when it was added
 * @param after the line, empty when it was removed
 * @param rule stable name of the rule that changed it
 * @param reason why, in one sentence
 */
public record LineChange(int line, String before, String after, String rule, String reason) {

  public LineChange {
    if (line < 0) {
      throw new IllegalArgumentException("line is negative: " + line);
    }
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(after, "after");
    Objects.requireNonNull(rule, "rule");
    Objects.requireNonNull(reason, "reason");
  }
}
