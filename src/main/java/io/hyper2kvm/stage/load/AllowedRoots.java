package io.hyper2kvm.stage.load;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;

/** The folders below which sources, or outputs, must really lie. */
final class AllowedRoots {

  private AllowedRoots() {}

  /**
   * Refuses what lies elsewhere. No roots at all allow everything.
   *
   * @param named the path as the manifest has it, for the message
   * @param path the same without links
   */
  static void requireBelow(Path named, Path path, List<Path> roots, FailureCode code)
      throws IOException {
    for (Path root : roots) {
      if (path.startsWith(real(root))) {
        return;
      }
    }
    if (!roots.isEmpty()) {
      throw StageFailedException.because(
          code, "%s really is %s, which is below none of %s".formatted(named, path, roots));
    }
  }

  /** The path without symbolic links, as far as it is there and may be read. */
  static Path real(Path path) throws IOException {
    try {
      return path.toRealPath();
    } catch (FileSystemException e) {
      Path parent = path.getParent();
      return parent == null ? path : real(parent).resolve(path.getFileName());
    }
  }
}
