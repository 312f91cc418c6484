package io.hyper2kvm.image.ova.container;

/** How much of an archive or a folder is read; far above what any export has. */
public final class Limits {

  /** Entries of an archive or a folder. A 2 TB disk in chunks of 1 GB makes 2,000. */
  public static final int ENTRIES = 10_000;

  /** All long names and extended headers of an archive together, in bytes. */
  static final int HEADER_BYTES = 8 << 20;

  /** One long name or extended header, in bytes. */
  static final int ONE_HEADER_BYTES = 1 << 20;

  /** The directory of a zip archive, in bytes; the library keeps ten times as much of it. */
  static final int ZIP_DIRECTORY_BYTES = 2 << 20;

  /** A compressed archive may always unpack to this, in bytes, … */
  static final long UNPACKED_BYTES = 64L << 30;

  /** … or else to this many times its own size: gzip reaches 1,032 on a disk of zeros. */
  static final long UNPACKED_TIMES = 2_000;

  private Limits() {}

  public static long unpackedBytes(long packed) {
    return Math.max(
        UNPACKED_BYTES, packed > Long.MAX_VALUE / UNPACKED_TIMES ? 0 : packed * UNPACKED_TIMES);
  }
}
