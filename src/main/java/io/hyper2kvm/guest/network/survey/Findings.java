package io.hyper2kvm.guest.network.survey;

import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guest.edit.LeftAlone;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What the plan says beside its edits; bounded, because the files are not ours. */
public final class Findings {
  private static final int MAX_OF_EACH = 1000;
  private static final int MAX_TEXT = 300;

  private final Set<LeftAlone> notes = new LinkedHashSet<>();
  private final Set<String> warnings = new LinkedHashSet<>();
  private final Set<String> failures = new LinkedHashSet<>();

  /** Something left alone; {@code line} from 1, 0 for the file as a whole. */
  public void note(String path, int line, String text, String reason) {
    if (notes.size() < MAX_OF_EACH) {
      String kept = text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
      notes.add(new LeftAlone(path, line, kept, reason));
    }
  }

  public void note(TextEdit file, int index, String reason) {
    note(file.file(), index + 1, file.line(index), reason);
  }

  public void warning(String text) {
    if (warnings.size() < MAX_OF_EACH) {
      warnings.add(text);
    }
  }

  public void failure(String text) {
    if (failures.size() < MAX_OF_EACH) {
      failures.add(text);
    }
  }

  /** A text of a guest's, cut where it is too long for a message. */
  public static String shortened(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }

  /**
   * The plan with these edits, or with none if anything failed: a network that is half changed is
   * worse than one that is not.
   */
  public EditPlan plan(Collection<FileEdit> edits) {
    return new EditPlan(
        failures.isEmpty() ? List.copyOf(edits) : List.of(),
        List.copyOf(notes),
        List.copyOf(warnings),
        List.copyOf(failures));
  }
}
