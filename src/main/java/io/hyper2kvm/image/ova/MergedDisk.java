package io.hyper2kvm.image.ova;

import io.hyper2kvm.image.ImageFacts;
import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.probe.ImageProbe;
import io.hyper2kvm.image.probe.MergedImage;
import io.hyper2kvm.text.Printable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/** Writes a differencing disk and its parents to one raw disk, which QEMU can read. */
public final class MergedDisk {

  private MergedDisk() {}

  /**
   * Merges a disk; its own files are only read.
   *
   * @param leaf the differencing disk
   * @param target a new file, in a folder of the caller's, who removes it
   */
  public static ReadyDisk write(ImageFacts leaf, Path target) throws IOException {
    String what = Printable.of(leaf.path());
    try (MergedImage image = MergedImage.open(leaf);
        SparseFile file = SparseFile.create(target)) {
      file.requireSpace(MergedImage.leastBytes(leaf), what);
      image.copyTo(
          new MergedImage.Sink() {
            @Override
            public void data(ByteBuffer bytes) throws IOException {
              file.append(bytes, what);
            }

            @Override
            public void zeros(long length) throws IOException {
              file.appendZeros(length, what);
            }
          });
      file.flush(what);
    }
    try {
      ImageFacts merged = new ImageProbe().probe(target, ImageFormat.RAW);
      return new ReadyDisk(merged, leaf.path(), Optional.empty(), "", true);
    } catch (ImageRefusedException e) {
      throw DiskProbe.merged(leaf.path(), e);
    }
  }
}
