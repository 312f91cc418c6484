package io.hyper2kvm.guest.initramfs.archive;

/**
 * How much of an untrusted initramfs is read before it is given up.
 *
 * @param unpackedBytes all segments together, decompressed, in bytes
 * @param entries files, directories and links of all segments together
 * @param nameLength one path or link target, in bytes
 * @param textBytes all paths and link targets together, in bytes
 * @param keptFileBytes one file whose content is kept in memory, in bytes
 * @param keptBytes all kept contents together, in bytes
 * @param segments archives in one file
 * @param dictionaryBytes memory one decompressor may ask for, in bytes
 */
public record ReadLimits(
    long unpackedBytes,
    int entries,
    int nameLength,
    long textBytes,
    int keptFileBytes,
    long keptBytes,
    int segments,
    int dictionaryBytes) {

  /** Fits any distribution's initramfs, and a heap of 128 MiB. */
  public static final ReadLimits DEFAULT =
      new ReadLimits(2L << 30, 200_000, 4096, 16L << 20, 16 << 20, 32L << 20, 64, 80 << 20);

  /** Checks that every limit is positive. */
  public ReadLimits {
    if (unpackedBytes <= 0
        || entries <= 0
        || nameLength <= 0
        || textBytes <= 0
        || keptFileBytes <= 0
        || keptBytes <= 0
        || segments <= 0
        || dictionaryBytes <= 0) {
      throw new IllegalArgumentException("a limit is not positive");
    }
  }
}
