package io.hyper2kvm.cli.site;

import io.hyper2kvm.tool.ToolUser;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/** Folders that were missing. They are remembered, so that they can be taken back. */
public final class NewFolders {

  private static final String OWN = "rwxr-x---";

  private final ToolUser owner;
  private final List<Path> made = new ArrayList<>();

  /**
   * Makes nothing yet.
   *
   * @param owner whose the folders shall be
   */
  public NewFolders(ToolUser owner) {
    this.owner = owner;
  }

  /**
   * Makes a folder if it is missing, for its owner and group alone, and the folders above it.
   *
   * @throws IOException when it cannot be made; those that were made stay until {@link #takeBack}
   */
  public void make(Path folder) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path at = folder; at != null && !Files.isDirectory(at); at = at.getParent()) {
      missing.push(at);
    }
    for (Path next : missing) {
      try {
        Files.createDirectory(
            next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWN)));
      } catch (FileAlreadyExistsException e) {
        if (Files.isDirectory(next)) {
          continue; // Somebody else made it meanwhile.
        }
        throw e;
      }
      made.add(next);
      owner.give(next);
    }
  }

  /** Those that were made, in their order. */
  public List<Path> made() {
    return List.copyOf(made);
  }

  /** Removes those that were made, as far as nobody has put anything into them. */
  public void takeBack() {
    List<Path> deepestFirst = new ArrayList<>(made);
    Collections.reverse(deepestFirst);
    for (Path folder : deepestFirst) {
      try {
        Files.deleteIfExists(folder);
      } catch (IOException e) {
        return; // It is in use, and so are those above it.
      }
    }
    made.clear();
  }
}
