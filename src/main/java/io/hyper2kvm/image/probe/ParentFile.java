package io.hyper2kvm.image.probe;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.RegularFile;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The rule for the names of parents: a regular file in the child's folder or below it, with nothing
 * but plain folders on the way, so that nothing else is ever opened.
 */
final class ParentFile {

  private static final int LONGEST = 1023;

  private ParentFile() {}

  /** The file of a name with slashes. */
  static Path of(Path child, String name) {
    boolean below =
        name.length() <= LONGEST
            && name.chars().noneMatch(c -> c == '\\' || c == ':' || c < 0x20)
            && Arrays.stream(name.split("/", -1))
                .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    if (!below) {
      throw ImageRefusedException.parentOutside(child, name);
    }
    try {
      Path file = child.resolveSibling(name);
      if (!file.getParent().toRealPath().equals(file.getParent())) {
        throw ImageRefusedException.parentOutside(child, name);
      }
      Optional<String> otherKind = RegularFile.otherKind(file);
      if (otherKind.isPresent()) {
        throw ImageRefusedException.parent(
            FailureCode.PARENT_NOT_REGULAR,
            child,
            file,
            "which is %s, not a regular file".formatted(otherKind.get()));
      }
      return file;
    } catch (NoSuchFileException | InvalidPathException e) {
      throw ImageRefusedException.parentMissing(child, name);
    } catch (IOException e) {
      throw ImageRefusedException.unreadable(child, e);
    }
  }

  /**
   * The file of one of a parent's Windows names. Each is tried as it is, then all of them by their
   * last part: files that were copied away from a Windows host lie in one folder as a rule.
   *
   * @param names not empty; the one that says it best is the first
   */
  static Path ofWindows(Path child, List<String> names) {
    ImageRefusedException first = null;
    for (boolean lastPart : new boolean[] {false, true}) {
      for (String name : names) {
        String path = name.replace('\\', '/');
        path = path.startsWith("./") ? path.substring(2) : path;
        try {
          return of(child, lastPart ? path.substring(path.lastIndexOf('/') + 1) : path);
        } catch (ImageRefusedException e) {
          if (e.code() != FailureCode.PARENT_OUTSIDE && e.code() != FailureCode.PARENT_MISSING) {
            throw e;
          }
          first = first == null ? e : first;
        }
      }
    }
    throw first;
  }
}
