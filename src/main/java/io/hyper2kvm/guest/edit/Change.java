package io.hyper2kvm.guest.edit;

import java.util.Objects;

/**
 * One thing that was changed inside a guest, as evidence for the report.
 *
 * @param file absolute path inside the guest
 * @param line number of the changed line before the change, from 1; for a line that is added inside
 *     the text, of the line it follows; for one added at its end, its own; 0 means the whole file
 * @param before the text before the change; empty means that it was not there
 * @param after the text after the change; empty means that it is gone
 * @param rule stable name of the rule that asked for the change, such as {@code cmdline.root}
 * @param reason one sentence for a human: why this change, with what was found
 */
public record Change(
    String file, int line, String before, String after, String rule, String reason) {

  /** Checks that every part is there and the line is not negative. */
  public Change {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(after, "after");
    Objects.requireNonNull(rule, "rule");
    Objects.requireNonNull(reason, "reason");
    if (line < 0) {
      throw new IllegalArgumentException("line is negative: " + line);
    }
  }
}
