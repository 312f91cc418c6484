package io.hyper2kvm.guest.network.survey;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One file to be written or removed.
 *
 * @param path absolute guest path
 * @param before the text it had, empty when the file is new
 * @param after the text it gets, empty when the file is removed
 * @param mode Unix permissions of a new file, -1 to keep those it has
 * @param changes the evidence, line by line; never empty
 */
public record FileEdit(
    String path,
    Optional<String> before,
    Optional<String> after,
    int mode,
    List<LineChange> changes) {

  /** The {@code mode} of a file that keeps its permissions. */
  public static final int KEEP_MODE = -1;

  public FileEdit {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("guest path is not absolute: " + path);
    }
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(after, "after");
    if (before.equals(after)) {
      throw new IllegalArgumentException("edit changes nothing: " + path);
    }
    if (mode < KEEP_MODE || mode > 0777) {
      throw new IllegalArgumentException("mode is no permission: " + mode);
    }
    changes = List.copyOf(changes);
    if (changes.isEmpty()) {
      throw new IllegalArgumentException("edit without evidence: " + path);
    }
  }
}
