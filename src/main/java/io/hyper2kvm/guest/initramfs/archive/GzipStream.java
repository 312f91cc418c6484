package io.hyper2kvm.guest.initramfs.archive;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Decodes gzip members one by one. The library's stream goes back to the member's end, because the
 * source can be reset; the JDK's own stream reads ahead and loses it.
 */
final class GzipStream extends FrameStream {

  /** The header holds a file name and a comment of any length, which the library keeps. */
  private static final int MAX_HEADER = 256 << 10;

  private GzipCompressorInputStream member;
  private boolean ended;

  GzipStream(SegmentSource source, BooleanSupplier archiveOpen) {
    super(source, Compression.GZIP, archiveOpen);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!ended) {
      if (member == null) {
        member = source.atMost(MAX_HEADER, () -> new GzipCompressorInputStream(source));
      }
      int count = member.read(target, offset, length);
      if (count > 0) {
        return count;
      }
      close();
      ended = !goesOn();
    }
    return -1;
  }

  /** Frees native memory; the source stays open. */
  @Override
  public void close() throws IOException {
    if (member != null) {
      member.close();
      member = null;
    }
  }
}
