package io.hyper2kvm.image.ova.container;

import java.io.IOException;
import java.io.InputStream;

/** The blocks of a tar archive, read forward only. */
final class TarBlocks {

  private final InputStream archive;
  private byte[] pushedBack = new byte[0];
  private long at;

  /**
   * The blocks of an archive.
   *
   * @param archive from its start; its {@code skip} ends early only where the archive ends
   */
  TarBlocks(InputStream archive) {
    this.archive = archive;
  }

  /** Fills the array, or returns fewer bytes where the archive ends. */
  int read(byte[] block) throws IOException {
    int n = pushedBack.length;
    if (n > 0) {
      System.arraycopy(pushedBack, 0, block, 0, n);
      pushedBack = new byte[0];
    } else {
      n = archive.readNBytes(block, 0, block.length);
    }
    at += n;
    return n;
  }

  /** The next read, of as many bytes, gives these again. */
  void pushBack(byte[] block) {
    pushedBack = block.clone();
    at -= block.length;
  }

  /** Goes over some bytes; false when the archive ends before. */
  boolean skip(long bytes) throws IOException {
    long skipped = archive.skip(bytes);
    at += skipped;
    return skipped == bytes;
  }

  /** Where the next read begins, in bytes from the archive's start. */
  long position() {
    return at;
  }
}
