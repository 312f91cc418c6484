package io.hyper2kvm.image;

/** A plain disk: its size is the file's. */
final class RawReader {

  private RawReader() {}

  static Layout read(ImageBytes image) {
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
