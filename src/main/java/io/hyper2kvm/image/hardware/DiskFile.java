package io.hyper2kvm.image.hardware;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * A file that a description names as a disk's.
 *
 * @param href its name relative to the description, as written
 * @param gzip whether it is compressed with gzip
 * @param chunkSize the size of each part but the last, when it is split, in bytes
 */
public record DiskFile(String href, boolean gzip, OptionalLong chunkSize) {

  public DiskFile {
    Objects.requireNonNull(href, "href");
    Objects.requireNonNull(chunkSize, "chunkSize");
  }
}
