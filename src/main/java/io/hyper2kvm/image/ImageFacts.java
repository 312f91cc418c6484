package io.hyper2kvm.image;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What the headers of an image say, read and checked without QEMU.
 *
 * @param path the image; absolute, with no symbolic link in it
 * @param format the real format
 * @param subformat the kind within the format, e.g. {@code monolithicSparse}, {@code dynamic}, and
 *     for raw its partition table: {@code mbr}, {@code gpt}, {@code luks}, {@code none}; notes
 *     follow after a comma, e.g. {@code dynamic, dirty log}
 * @param virtualSize the size the guest sees, in bytes; QEMU sees the same by the name that {@link
 *     QemuFileName} makes; greater than zero
 * @param files the image, every extent file, and those of its parents, absolute, each once
 * @param allocatedBytes the sum of the files' sizes, in bytes (the JDK does not tell holes)
 * @param parent the image this one is a difference to; empty when it is complete in itself
 * @param device whether the path is a block device, not a file
 */
public record ImageFacts(
    Path path,
    ImageFormat format,
    String subformat,
    long virtualSize,
    List<Path> files,
    long allocatedBytes,
    Optional<ImageFacts> parent,
    boolean device) {

  /** The note that a VHDX carries when its log must be replayed before it may be read. */
  public static final String DIRTY_LOG = ", dirty log";

  public ImageFacts {
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(subformat, "subformat");
    Objects.requireNonNull(parent, "parent");
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException("path is not absolute: " + path);
    }
    if (virtualSize <= 0) {
      throw new IllegalArgumentException("virtualSize is not positive: " + virtualSize + " bytes");
    }
    if (allocatedBytes < 0) {
      throw new IllegalArgumentException("allocatedBytes is negative: " + allocatedBytes);
    }
    files = List.copyOf(files);
    if (!files.contains(path)) {
      throw new IllegalArgumentException("files lacks the image itself: " + path);
    }
  }

  /** An image whose headers were read, with its parents when it has any. */
  public static ImageFacts of(
      ImageBytes image, ImageFormat format, Layout layout, Optional<ImageFacts> parent) {
    Set<Path> files = new LinkedHashSet<>();
    files.add(image.path());
    files.addAll(layout.extents());
    parent.ifPresent(p -> files.addAll(p.files()));
    long allocated = image.size();
    for (Path file : files) {
      if (!file.equals(image.path())) {
        allocated = Math.addExact(allocated, RegularFile.size(file));
      }
    }
    return new ImageFacts(
        image.path(),
        format,
        layout.subformat(),
        layout.virtualSize(),
        List.copyOf(files),
        allocated,
        parent,
        false);
  }

  /**
   * The sector size that the guest must be shown, in bytes: 512, or 4096 for a raw disk whose
   * partition table counts in such sectors. Firmware and kernels find that table on no other disk.
   */
  public int logicalSectorSize() {
    boolean large =
        format == ImageFormat.RAW && subformat.equals(PartitionTable.GPT_4096.subformat());
    return large ? PartitionTable.LARGE_SECTOR : PartitionTable.SECTOR;
  }

  /**
   * Whether a VHDX was not closed cleanly. QEMU opens such an image only after it has replayed the
   * log, for which it must write; {@link QemuFileName#onLayer} lets it write elsewhere.
   */
  public boolean dirtyLog() {
    return subformat.endsWith(DIRTY_LOG);
  }

  /**
   * Whether it is a VHD or VHDX on top of a parent. QEMU cannot read such a disk; this program
   * merges it first.
   */
  public boolean differencing() {
    return parent.isPresent() && (format == ImageFormat.VPC || format == ImageFormat.VHDX);
  }
}
