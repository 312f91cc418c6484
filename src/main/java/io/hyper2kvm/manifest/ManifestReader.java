package io.hyper2kvm.manifest;

import java.io.IOException;
import java.nio.file.Path;

/** Reads manifests. */
public final class ManifestReader {
  private final ManifestContext context;

  /** A reader for one installation. */
  public ManifestReader(ManifestContext context) {
    this.context = context;
  }

  /** Reads a manifest file. */
  public Manifest read(Path file) throws IOException {
    throw new UnsupportedOperationException("not written yet: " + context + file);
  }

  /** Reads a manifest from memory. */
  public Manifest read(String fileName, byte[] content) {
    throw new UnsupportedOperationException("not written yet: " + fileName + content.length);
  }
}
