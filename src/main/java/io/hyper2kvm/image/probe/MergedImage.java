package io.hyper2kvm.image.probe;

import io.hyper2kvm.image.DiskLayer;
import io.hyper2kvm.image.ImageBytes;
import io.hyper2kvm.image.ImageFacts;
import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.RegularFile;
import io.hyper2kvm.image.vhd.VhdLayer;
import io.hyper2kvm.image.vhdx.VhdxLayer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A differencing disk together with its parents, read from its start to its end. */
public final class MergedImage implements Closeable {

  /** Bytes read at a time. */
  private static final int PIECE = 1 << 18;

  /** Takes the disk, one stretch after the other. */
  public interface Sink {

    /** The next bytes. */
    void data(ByteBuffer bytes) throws IOException;

    /** So many bytes of zeros come next. */
    void zeros(long length) throws IOException;
  }

  private final List<DiskLayer> layers = new ArrayList<>();
  private final long size;

  private MergedImage(long size) {
    this.size = size;
  }

  /**
   * Opens all files and checks them again.
   *
   * @param leaf the differencing disk
   * @throws ImageRefusedException when they are not as they were
   */
  public static MergedImage open(ImageFacts leaf) {
    if (!leaf.differencing()) {
      throw new IllegalArgumentException("not a differencing disk: " + leaf.path());
    }
    MergedImage image = new MergedImage(leaf.virtualSize());
    try {
      for (Optional<ImageFacts> next = Optional.of(leaf);
          next.isPresent();
          next = next.get().parent()) {
        ImageBytes bytes = ImageBytes.open(next.get().path());
        try {
          image.layers.add(layer(bytes, next.get().format()));
        } catch (RuntimeException e) {
          bytes.close();
          throw e;
        }
      }
      return image;
    } catch (RuntimeException e) {
      image.close();
      throw e;
    }
  }

  /**
   * What the merged disk takes at least, in bytes, as far as that is known without reading it: as
   * much as the largest of its files that leaves zeros out.
   */
  public static long leastBytes(ImageFacts leaf) {
    long least = 0;
    for (Optional<ImageFacts> next = Optional.of(leaf);
        next.isPresent();
        next = next.get().parent()) {
      boolean sparse = !next.get().subformat().equals("fixed");
      least = sparse ? Math.max(least, RegularFile.size(next.get().path())) : least;
    }
    return Math.min(least, leaf.virtualSize());
  }

  /**
   * A layer whose whole table was checked: its blocks are within the file and share no byte.
   *
   * @param format VHD or VHDX
   */
  static DiskLayer layer(ImageBytes bytes, ImageFormat format) {
    return format == ImageFormat.VPC ? VhdLayer.checked(bytes) : VhdxLayer.checked(bytes);
  }

  /** Reads the whole disk. */
  public void copyTo(Sink sink) throws IOException {
    copy(0, 0, size, sink);
  }

  private void copy(int level, long from, long to, Sink sink) throws IOException {
    if (level == layers.size()) {
      sink.zeros(to - from);
      return;
    }
    DiskLayer layer = layers.get(level);
    for (long at = from; at < to; ) {
      DiskLayer.Stretch stretch = layer.at(at);
      long length = Math.min(stretch.length(), to - at);
      switch (stretch.kind()) {
        case DATA -> data(layer.bytes(), stretch.at(), length, sink);
        case ZEROS -> sink.zeros(length);
        case PARENT -> copy(level + 1, at, at + length, sink);
      }
      at += length;
    }
  }

  private static void data(ImageBytes bytes, long from, long length, Sink sink) throws IOException {
    for (long done = 0; done < length; done += PIECE) {
      int piece = (int) Math.min(PIECE, length - done);
      sink.data(bytes.big(from + done, piece, "a block of the disk's data"));
    }
  }

  @Override
  public void close() {
    layers.forEach(layer -> layer.bytes().close());
  }
}
