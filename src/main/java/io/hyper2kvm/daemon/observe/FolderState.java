package io.hyper2kvm.daemon.observe;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a look at one folder found.
 *
 * @param folder the folder and its key
 * @param free what this user may still write there, in bytes; 0 when there is a problem
 * @param total the size of its file system, in bytes; 0 when there is a problem
 * @param problem which folder cannot be used, and why; empty when it can
 */
record FolderState(Folder folder, long free, long total, Optional<String> problem) {

  /**
   * A folder of the configuration.
   *
   * @param key the key that names it
   * @param path where it is; absolute
   * @param needed whether the daemon can do its work only while it can write there
   * @param within folders on the same file system that must be writable, too
   */
  record Folder(String key, Path path, boolean needed, List<Path> within) {

    Folder(String key, Path path, boolean needed) {
      this(key, path, needed, List.of());
    }

    Folder {
      Objects.requireNonNull(key, "key");
      if (!path.isAbsolute()) {
        throw new IllegalArgumentException("path is not absolute: " + path);
      }
      within = List.copyOf(within);
    }

    /** The key alone: Camel's answer would show each slash of a path with a backslash. */
    @Override
    public String toString() {
      return key;
    }
  }

  FolderState {
    Objects.requireNonNull(folder, "folder");
    if (free < 0 || total < 0) {
      throw new IllegalArgumentException("negative size: " + free + " of " + total);
    }
    Objects.requireNonNull(problem, "problem");
  }

  private static FolderState broken(Folder folder, String problem) {
    return new FolderState(folder, 0, 0, Optional.of(problem));
  }

  /** Looks at a folder; blocks for as long as its file system does. */
  static FolderState of(Folder folder) {
    List<Path> all = new ArrayList<>(List.of(folder.path()));
    all.addAll(folder.within());
    for (Path path : all) {
      Optional<String> problem = problem(path.toFile());
      if (problem.isPresent()) {
        String name =
            path.equals(folder.path())
                ? folder.key()
                : "folder %s of %s".formatted(path.getFileName(), folder.key());
        return broken(folder, "%s %s".formatted(name, problem.get()));
      }
    }
    File file = folder.path().toFile();
    return new FolderState(
        folder, bounded(file.getUsableSpace()), bounded(file.getTotalSpace()), Optional.empty());
  }

  private static Optional<String> problem(File file) {
    if (!file.isDirectory()) {
      return Optional.of(file.exists() ? "is not a folder" : "is missing");
    }
    if (!file.canWrite() || !file.canExecute()) {
      return Optional.of(
          "cannot be written to by user %s, or its file system is read-only"
              .formatted(System.getProperty("user.name")));
    }
    return Optional.empty();
  }

  /** File systems beyond 8 EiB overflow the number. */
  private static long bounded(long bytes) {
    return bytes < 0 ? Long.MAX_VALUE : bytes;
  }
}
