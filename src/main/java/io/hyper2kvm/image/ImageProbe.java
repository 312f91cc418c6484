package io.hyper2kvm.image;

import java.nio.file.Path;

/** Reads image headers. */
public final class ImageProbe {

  /** Decides the format of a regular file from its bytes and reads nothing more. */
  public ImageFormat sniff(Path image) {
    throw new UnsupportedOperationException();
  }

  /** Reads and checks an image of any supported format. */
  public ImageFacts probe(Path image) {
    throw new UnsupportedOperationException();
  }

  /** Reads and checks an image that must be of the declared format. */
  public ImageFacts probe(Path image, ImageFormat declared) {
    throw new UnsupportedOperationException();
  }

  /** Reads and checks an image that lies within another file, such as a disk within an OVA. */
  public ImageFacts probe(Path container, long offset, long size, ImageFormat declared) {
    throw new UnsupportedOperationException();
  }
}
