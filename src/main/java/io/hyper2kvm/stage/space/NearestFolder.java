package io.hyper2kvm.stage.space;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where a folder that may not be there yet would be made. */
public final class NearestFolder {

  private NearestFolder() {}

  /** The folder, or the first one above it that is there. */
  public static Path of(Path folder) {
    Path there = folder;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    return there;
  }
}
