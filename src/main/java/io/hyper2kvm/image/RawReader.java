package io.hyper2kvm.image;

/** A plain disk: its size is the file's. */
final class RawReader {

  private RawReader() {}

  static Layout read(ImageBytes image) {
    if (image.size() == 0) {
      throw ImageRefusedException.truncated(image.path(), "a disk", 512, 0);
    }
    if (image.size() % 512 != 0) {
      throw ImageRefusedException.oddSize(image.path(), image.size());
    }
    return Layout.of(image, PartitionTable.read(image).subformat(), image.size(), 0);
  }
}
