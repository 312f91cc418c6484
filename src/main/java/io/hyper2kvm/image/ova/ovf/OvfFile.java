package io.hyper2kvm.image.ova.ovf;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * A file that an OVF description refers to.
 *
 * @param href its name relative to the description, as written
 * @param gzip whether it is compressed with gzip
 * @param chunkSize the size of each part but the last, when it is split, in bytes
 */
public record OvfFile(String href, boolean gzip, OptionalLong chunkSize) {

  public OvfFile {
    Objects.requireNonNull(href, "href");
    Objects.requireNonNull(chunkSize, "chunkSize");
  }
}
