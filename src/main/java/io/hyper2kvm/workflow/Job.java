package io.hyper2kvm.workflow;

import java.nio.file.Path;

/**
 * A manifest and where it is.
 *
 * @param state by its folder
 * @param manifest its file
 */
public record Job(JobState state, Path manifest) {

  /** The file's name and those derived from it. */
  public ManifestFile file() {
    return ManifestFile.of(manifest);
  }

  /** The report of one that completed, or the error file of one that failed. */
  public Path outcome() {
    return manifest.resolveSibling(state == JobState.FAILED ? file().error() : file().report());
  }

  /** The live status of one that runs. */
  public Path status() {
    return manifest.resolveSibling(file().status());
  }
}
