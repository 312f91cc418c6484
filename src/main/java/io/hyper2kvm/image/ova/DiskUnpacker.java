package io.hyper2kvm.image.ova;

import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.image.ova.container.Limits;
import io.hyper2kvm.image.ova.container.Member;
import io.hyper2kvm.image.ova.container.UnpackedStream;
import io.hyper2kvm.text.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;

/** Writes the disks that QEMU cannot read in their place to files of their own. */
final class DiskUnpacker {

  private static final int SECTOR = 512;

  private final Path source;
  private final SumCheck sums;

  DiskUnpacker(Path source, SumCheck sums) {
    this.source = source;
    this.sums = sums;
  }

  /** Writes one disk to a new file. */
  void unpack(OvaDisk disk, Path target) throws IOException {
    if (disk.parts().isEmpty()) {
      long capacity = disk.capacity().orElseThrow();
      SparseFile.blank(target, (capacity + SECTOR - 1) / SECTOR * SECTOR);
      return;
    }
    long packed = disk.parts().stream().mapToLong(Member::size).reduce(0, Math::addExact);
    long limit = limit(disk, packed);
    try (SparseFile file = SparseFile.create(target)) {
      if (disk.declared().isPresent() && disk.declared().get() != ImageFormat.RAW) {
        // Of a raw disk much may be zeros, which take no room; these formats have left them out.
        file.requireSpace(packed, disk.member());
      }
      try (InputStream parts = new SequenceInputStream(new Parts(disk.parts()))) {
        InputStream content =
            disk.gzip()
                ? UnpackedStream.of(ImageFormat.GZIP, parts, source, disk.member(), limit)
                : parts;
        file.append(content, limit, source, Printable.of(disk.member()));
        // What a decompressor did not want to see belongs to the checksum, too.
        parts.transferTo(OutputStream.nullOutputStream());
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
  }

  /** In bytes: a format needs little more than the disk's own size in the worst case. */
  private static long limit(OvaDisk disk, long packed) {
    if (!disk.gzip()) {
      return packed;
    }
    long most = Limits.unpackedBytes(packed);
    if (disk.capacity().isEmpty() || disk.capacity().getAsLong() > most) {
      return most;
    }
    long capacity = disk.capacity().getAsLong();
    return Math.min(most, capacity + capacity / 8 + (64L << 20));
  }

  /** Opens each part when the one before has ended: an archive can only be read onward. */
  private final class Parts implements Enumeration<InputStream> {
    private final Iterator<Member> members;

    Parts(List<Member> members) {
      this.members = members.iterator();
    }

    @Override
    public boolean hasMoreElements() {
      return members.hasNext();
    }

    @Override
    public InputStream nextElement() {
      try {
        return sums.open(members.next());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
