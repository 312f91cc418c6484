package io.hyper2kvm.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The entries of a block table, read in pages: tables can have more entries than fit in memory. */
public final class TableEntries {

  private static final int PAGE = 1 << 16;

  private final ImageBytes image;
  private final long offset;
  private final int width;
  private final ByteOrder order;
  private long page = -1;
  private ByteBuffer bytes;

  /**
   * A table in an image.
   *
   * @param offset where it stands, in bytes
   * @param width bytes of an entry, 4 or 8
   */
  public TableEntries(ImageBytes image, long offset, int width, ByteOrder order) {
    this.image = image;
    this.offset = offset;
    this.width = width;
    this.order = order;
  }

  /** An entry, as an unsigned number where it has 4 bytes. */
  public long get(long index) {
    long at = index * width;
    if (at / PAGE != page) {
      // The table may end with the file, within the page.
      bytes = image.upTo(offset + at / PAGE * PAGE, PAGE).order(order);
      page = at / PAGE;
    }
    int within = (int) (at % PAGE);
    if (within + width > bytes.limit()) {
      throw ImageRefusedException.truncated(
          image.path(), "the block table", offset + at + width, image.size());
    }
    return width == 4 ? Integer.toUnsignedLong(bytes.getInt(within)) : bytes.getLong(within);
  }
}
