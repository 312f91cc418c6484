package io.hyper2kvm.image.vhdx;

import io.hyper2kvm.image.ImageBytes;
import io.hyper2kvm.image.Lineage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The metadata item of a differencing VHDX that says what its parent is and where it lay ([MS-VHDX]
 * 2.6.2.6): keys and values in UTF-16, whose places count from the item's start.
 */
final class VhdxParentLocator {

  private static final UUID KIND = UUID.fromString("b04aefb7-d19e-4a81-b789-25b8e9445913");
  private static final int HEADER = 20;
  private static final int ENTRY = 12;
  private static final int LONGEST = 16 << 10;
  private static final int MOST_ENTRIES = 16;

  /** The keys for the parent's path, in the order in which they are to be tried. */
  private static final List<String> PATHS =
      List.of("relative_path", "volume_path", "absolute_win32_path");

  /** The parent's data write GUID; during a merge there are two that it may have. */
  private static final List<String> LINKAGES = List.of("parent_linkage", "parent_linkage2");

  private static final Pattern GUID =
      Pattern.compile("\\{[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\}");

  private VhdxParentLocator() {}

  /**
   * The parent as the creator's host had it; without names or identifiers where they are missing.
   *
   * @param offset where the item stands, in bytes
   * @param length the item's length, in bytes
   */
  static Lineage.Parent read(ImageBytes image, long offset, long length) {
    ByteBuffer item = image.upTo(offset, (int) Math.min(length, LONGEST));
    item.order(ByteOrder.LITTLE_ENDIAN);
    if (item.limit() < HEADER || !VhdxTables.guid(item, 0).equals(KIND)) {
      return new Lineage.Parent(List.of(), List.of());
    }
    int count = Math.min(MOST_ENTRIES, Short.toUnsignedInt(item.getShort(18)));
    Map<String, String> values = new TreeMap<>();
    for (int at = HEADER; count > 0 && at + ENTRY <= item.limit(); at += ENTRY, count--) {
      values.putIfAbsent(text(item, at, at + 8), text(item, at + 4, at + 10));
    }
    List<String> names =
        PATHS.stream()
            .map(values::get)
            .filter(path -> path != null && !path.isBlank())
            .distinct()
            .toList();
    List<String> ids =
        LINKAGES.stream().map(values::get).flatMap(text -> id(text).stream()).distinct().toList();
    return new Lineage.Parent(names, ids);
  }

  /** In braces, as Windows writes a GUID. */
  private static Optional<String> id(String text) {
    return text != null && GUID.matcher(text).matches()
        ? Optional.of(UUID.fromString(text.substring(1, text.length() - 1)).toString())
        : Optional.empty();
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
