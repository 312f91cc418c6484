package io.hyper2kvm.image;

/** One file of a chain of differencing disks: where each stretch of the disk is to be read. */
public interface DiskLayer {

  /** Where a stretch of the disk is. */
  enum Kind {
    /** In this file. */
    DATA,
    /** Nowhere: it reads as zeros, whatever the parents have there. */
    ZEROS,
    /** In the parent, as if this file were not there. */
    PARENT
  }

  /**
   * A stretch of the disk.
   *
   * @param at where it is in the file, in bytes; of {@link Kind#DATA} only
   * @param length how far the answer holds, in bytes; may reach beyond the disk's end
   */
  record Stretch(Kind kind, long at, long length) {}

  /** The stretch that begins at the offset on the disk, in bytes; whole sectors. */
  Stretch at(long offset);

  /** The file. */
  ImageBytes bytes();
}
