package io.hyper2kvm.guest.edit;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a transformation made of one text file of a guest.
 *
 * @param file absolute path inside the guest
 * @param before the whole old content
 * @param text the whole new content; equal to the old content when nothing changed
 * @param changes what changed; empty means that {@code text} is the old content
 * @param leftAlone what was looked at and stays
 * @param warnings what an operator should know although the work went on
 * @param failures what was asked for and could not be done
 */
public record Edited(
    String file,
    String before,
    String text,
    List<Change> changes,
    List<LeftAlone> leftAlone,
    List<String> warnings,
    List<String> failures) {

  /** Copies the lists. */
  public Edited {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(text, "text");
    changes = List.copyOf(changes);
    leftAlone = List.copyOf(leftAlone);
    warnings = List.copyOf(warnings);
    failures = List.copyOf(failures);
  }

  /** Whether the text differs from what came in, so that the file must be written back. */
  public boolean changed() {
    return !changes.isEmpty();
  }

  /** The edit that writes the new content; empty when it is the old one. */
  public Optional<FileEdit> edit() {
    return text.equals(before)
        ? Optional.empty()
        : Optional.of(
            new FileEdit(
                file, Optional.of(before), Optional.of(text), FileEdit.KEEP_MODE, changes));
  }

  /** The same as a plan of one file. */
  public EditPlan plan() {
    return new EditPlan(edit().stream().toList(), leftAlone, warnings, failures);
  }
}
