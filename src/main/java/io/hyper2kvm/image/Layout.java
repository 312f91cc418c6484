package io.hyper2kvm.image;

import java.nio.file.Path;
import java.util.List;

/**
 * What one format's headers say.
 *
 * @param subformat as in {@link ImageFacts#subformat()}
 * @param virtualSize in bytes, checked by {@link #of}
 * @param extents further files that belong to the image, absolute
 * @param lineage how the disk is tied to a parent
 */
public record Layout(String subformat, long virtualSize, List<Path> extents, Lineage lineage) {

  /** 64 PiB: larger than any format's own limit, small enough that no sum overflows. */
  public static final long LARGEST = 1L << 56;

  /** The layout of an image that is one file; refuses sizes no disk has. */
  public static Layout of(ImageBytes image, String subformat, long virtualSize, long sizeOffset) {
    checkSize(image.path(), virtualSize, sizeOffset);
    return new Layout(subformat, virtualSize, List.of(), Lineage.NONE);
  }

  /** The same, tied to a parent or named for children. */
  public Layout with(Lineage tied) {
    return new Layout(subformat, virtualSize, extents, tied);
  }

  /** Refuses an empty disk and one beyond {@link #LARGEST}; {@code size} is read as unsigned. */
  public static void checkSize(Path path, long size, long sizeOffset) {
    if (size == 0) {
      throw ImageRefusedException.corrupt(path, sizeOffset, "the disk's size is 0");
    }
    if (size < 0 || size > LARGEST) {
      throw ImageRefusedException.tooLarge(
          path, sizeOffset, "the disk's size is %s bytes".formatted(Long.toUnsignedString(size)));
    }
  }

  /** A size in sectors as bytes; refuses what {@link #checkSize} refuses. */
  public static long sectorsToBytes(Path path, long sectors, long offset) {
    if (sectors < 0 || sectors > LARGEST / 512) {
      throw ImageRefusedException.tooLarge(
          path, offset, "the disk has %s sectors".formatted(Long.toUnsignedString(sectors)));
    }
    checkSize(path, sectors * 512, offset);
    return sectors * 512;
  }
}
