package io.hyper2kvm.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The metadata item of a differencing VHDX that says where its parent lay; for messages only. */
final class VhdxParentLocator {

  private static final int HEADER = 20;
  private static final int ENTRY = 12;
  private static final int LONGEST = 16 << 10;
  private static final int MOST_ENTRIES = 16;

  /** The keys of Hyper-V for the parent's path; the first that is there says it best. */
  private static final List<String> PATHS =
      List.of("relative_path", "absolute_win32_path", "volume_path");

  private VhdxParentLocator() {}

  /**
   * The parent's path as the creator's host had it.
   *
   * @param offset where the item stands, in bytes
   * @param length the item's length, in bytes
   */
  static Optional<String> path(ImageBytes image, long offset, long length) {
    ByteBuffer item = image.upTo(offset, (int) Math.min(length, LONGEST));
    item.order(ByteOrder.LITTLE_ENDIAN);
    if (item.limit() < HEADER) {
      return Optional.empty();
    }
    int count = Math.min(MOST_ENTRIES, Short.toUnsignedInt(item.getShort(18)));
    Map<String, String> values = new TreeMap<>();
    for (int at = HEADER; count > 0 && at + ENTRY <= item.limit(); at += ENTRY, count--) {
      values.put(text(item, at, at + 8), text(item, at + 4, at + 10));
    }
    return PATHS.stream()
        .map(values::get)
        .filter(path -> path != null && !path.isBlank())
        .findFirst();
  }

  /** A text whose place and length the table states; empty when it is not in the item. */
  private static String text(ByteBuffer item, int offsetAt, int lengthAt) {
    long offset = Integer.toUnsignedLong(item.getInt(offsetAt));
    int length = Short.toUnsignedInt(item.getShort(lengthAt));
    return offset + length > item.limit()
        ? ""
        : new String(item.array(), (int) offset, length, StandardCharsets.UTF_16LE);
  }
}
