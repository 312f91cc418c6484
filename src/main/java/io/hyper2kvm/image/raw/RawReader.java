package io.hyper2kvm.image.raw;

import io.hyper2kvm.image.ImageBytes;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.Layout;
import io.hyper2kvm.image.PartitionTable;

/** A plain disk: its size is the file's. */
public final class RawReader {

  private RawReader() {}

  /** The layout of a file that is of no other format. */
  public static Layout read(ImageBytes image) {
    if (image.size() == 0) {
      throw ImageRefusedException.truncated(image.path(), "a disk", 512, 0);
    }
    PartitionTable table = PartitionTable.read(image);
    // A device would hide what stands behind its last whole sector.
    int sector =
        table == PartitionTable.GPT_4096 ? PartitionTable.LARGE_SECTOR : PartitionTable.SECTOR;
    if (image.size() % sector != 0) {
      throw ImageRefusedException.oddSize(image.path(), image.size(), sector);
    }
    return Layout.of(image, table.subformat(), image.size(), 0);
  }
}
