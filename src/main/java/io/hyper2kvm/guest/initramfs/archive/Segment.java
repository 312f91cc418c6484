package io.hyper2kvm.guest.initramfs.archive;

import java.util.Objects;

/**
 * One stretch of the file that the kernel unpacks in one go.
 *
 * @param compression its form
 * @param offset where it begins in the file, in bytes
 * @param end the first byte behind it
 * @param unpackedBytes what it holds, decompressed, in bytes
 */
public record Segment(Compression compression, long offset, long end, long unpackedBytes) {

  /** Checks that it is a stretch. */
  public Segment {
    Objects.requireNonNull(compression, "compression");
    if (offset < 0 || end < offset || unpackedBytes < 0) {
      throw new IllegalArgumentException("no stretch: %d to %d".formatted(offset, end));
    }
  }
}
