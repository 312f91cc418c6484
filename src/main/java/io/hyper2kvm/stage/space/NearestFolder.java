package io.hyper2kvm.stage.space;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the existing folder in which a missing one would be made. */
public final class NearestFolder {

  private NearestFolder() {}

  /** The folder, or the first one above it that exists. */
  public static Path of(Path folder) {
    Path there = folder;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    return there;
  }
}
