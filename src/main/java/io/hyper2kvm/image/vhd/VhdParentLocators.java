package io.hyper2kvm.image.vhd;

import io.hyper2kvm.image.ImageBytes;
import io.hyper2kvm.image.Lineage;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What a differencing VHD says of its parent: eight locators in the dynamic header (Virtual Hard
 * Disk Image Format Specification 1.0), each a platform's code and where its path stands in the
 * file, and the parent's plain name.
 */
final class VhdParentLocators {

  private static final int PARENT_ID = 40;
  private static final int NAME = 64;
  private static final int NAME_LENGTH = 512;
  private static final int LOCATORS = 576;
  private static final int LOCATOR = 24;
  private static final int COUNT = 8;
  private static final int LONGEST = 4096;

  /** Windows' codes: relative before absolute, and those with UTF-16 before those without. */
  private static final List<String> CODES = List.of("W2ru", "W2ku", "Wi2r", "Wi2k");

  private VhdParentLocators() {}

  /** The parent, by the dynamic header. */
  static Lineage.Parent read(ImageBytes image, ByteBuffer header) {
    Map<Integer, String> byCode = new TreeMap<>();
    for (int i = 0; i < COUNT; i++) {
      int at = LOCATORS + i * LOCATOR;
      byte[] code = new byte[4];
      header.get(at, code);
      int rank = CODES.indexOf(new String(code, StandardCharsets.ISO_8859_1));
      if (rank >= 0) {
        int length = (int) Math.min(LONGEST, Integer.toUnsignedLong(header.getInt(at + 8)));
        ByteBuffer text = image.upTo(header.getLong(at + 16), length);
        byCode.putIfAbsent(
            rank, text(text, rank < 2 ? StandardCharsets.UTF_16LE : StandardCharsets.ISO_8859_1));
      }
    }
    Set<String> names = new LinkedHashSet<>(byCode.values());
    names.add(text(header.slice(NAME, NAME_LENGTH), StandardCharsets.UTF_16BE));
    List<String> there = new ArrayList<>(names);
    there.removeIf(String::isBlank);
    return new Lineage.Parent(there, List.of(id(header, PARENT_ID)));
  }

  /** An identifier as it stands there, for comparison only. */
  static String id(ByteBuffer bytes, int at) {
    return new UUID(bytes.getLong(at), bytes.getLong(at + 8)).toString();
  }

  /** Up to the first NUL. */
  private static String text(ByteBuffer bytes, Charset charset) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    String text = new String(copy, charset);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }
}
