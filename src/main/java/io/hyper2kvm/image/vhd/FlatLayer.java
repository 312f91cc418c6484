package io.hyper2kvm.image.vhd;

import io.hyper2kvm.image.DiskLayer;
import io.hyper2kvm.image.ImageBytes;

/**
 * A fixed VHD at the end of a chain: the disk as it is.
 *
 * @param size the disk's, in bytes; as much is there
 */
record FlatLayer(ImageBytes bytes, long size) implements DiskLayer {

  @Override
  public Stretch at(long offset) {
    return new Stretch(Kind.DATA, offset, size - offset);
  }
}
