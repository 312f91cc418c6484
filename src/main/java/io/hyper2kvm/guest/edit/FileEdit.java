package io.hyper2kvm.guest.edit;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One file of a guest that is to be written or removed.
 *
 * @param file absolute path inside the guest
 * @param before the text it had; empty when the file is new
 * @param after the text it gets; empty when the file is removed
 * @param mode Unix permissions it gets; -1 leaves an old file's as they are
 * @param changes the evidence; never empty
 */
public record FileEdit(
    String file, Optional<String> before, Optional<String> after, int mode, List<Change> changes) {

  /** The {@code mode} of a file that keeps its permissions. */
  public static final int KEEP_MODE = -1;

  /** Checks that it changes the file, says how, and is about that file only. */
  public FileEdit {
    if (!file.startsWith("/")) {
      throw new IllegalArgumentException("guest path is not absolute: " + file);
    }
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(after, "after");
    if (before.equals(after)) {
      throw new IllegalArgumentException("edit changes nothing: " + file);
    }
    if (mode < KEEP_MODE || mode > 0777) {
      throw new IllegalArgumentException("mode is no permission: " + mode);
    }
    changes = List.copyOf(changes);
    if (changes.isEmpty()) {
      throw new IllegalArgumentException("edit without evidence: " + file);
    }
    for (Change change : changes) {
      if (!change.file().equals(file)) {
        throw new IllegalArgumentException(
            "edit of %s with a change of %s".formatted(file, change.file()));
      }
    }
  }

  /** The removal of a file that had this text. */
  public static FileEdit removal(String file, String before, List<Change> changes) {
    return new FileEdit(file, Optional.of(before), Optional.empty(), KEEP_MODE, changes);
  }
}
