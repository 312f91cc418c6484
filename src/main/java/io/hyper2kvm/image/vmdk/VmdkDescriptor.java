package io.hyper2kvm.image.vmdk;

import io.hyper2kvm.image.ImageBytes;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.Lineage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The text that describes a VMDK, read line by line.
 *
 * @param createType the kind of disk
 * @param extents in the disk's order
 * @param lineage how the disk is tied to a parent
 */
record VmdkDescriptor(String createType, List<Extent> extents, Lineage lineage) {

  /** The kinds that QEMU reads from a text file. */
  static final Set<String> TEXT_TYPES =
      Set.of(
          "monolithicFlat",
          "vmfs",
          "vmfsSparse",
          "seSparse",
          "twoGbMaxExtentSparse",
          "twoGbMaxExtentFlat");

  /** How an extent keeps its data. */
  enum Type {
    /** Plain data from an offset in a file. */
    FLAT,
    /** Plain data on a VMFS volume, from the file's start. */
    VMFS,
    /** A binary sparse file. */
    SPARSE,
    /** A binary sparse file of VMFS. */
    VMFSSPARSE,
    /** A binary space-efficient sparse file of VMFS. */
    SESPARSE;

    boolean sparse() {
      return this == SPARSE || this == VMFSSPARSE || this == SESPARSE;
    }
  }

  /**
   * One line of the extent section.
   *
   * @param sectors in sectors of 512 bytes, at least 1
   * @param name one char for each byte, not yet checked
   * @param offset where a flat extent's data starts in its file, in sectors
   */
  record Extent(long sectors, Type type, String name, long offset) {}

  /** QEMU reads no more of a text descriptor, in bytes. */
  private static final int LONGEST = 1 << 20;

  VmdkDescriptor {
    extents = List.copyOf(extents);
  }

  static VmdkDescriptor readFile(ImageBytes file) {
    if (file.size() > LONGEST) {
      throw ImageRefusedException.tooLarge(
          file.path(), LONGEST, "a descriptor of %d bytes".formatted(file.size()));
    }
    ByteBuffer bytes = file.upTo(0, (int) file.size());
    String text = textOf(bytes);
    // QEMU leaves a line end there when it shortens the CID of a descriptor that it has written.
    for (int i = text.length(); i < bytes.limit(); i++) {
      if (bytes.get(i) != 0 && bytes.get(i) != '\n') {
        throw ImageRefusedException.corrupt(file.path(), i, "text goes on behind a NUL byte");
      }
    }
    return parse(file.path(), 0, text);
  }

  /** What stands before the first NUL, one char for each byte. */
  static String textOf(ByteBuffer bytes) {
    int end = 0;
    while (end < bytes.limit() && bytes.get(end) != 0) {
      end++;
    }
    return new String(bytes.array(), 0, end, StandardCharsets.ISO_8859_1);
  }

  /**
   * Reads the text.
   *
   * @param at where it starts in the file, in bytes, for messages
   */
  static VmdkDescriptor parse(Path path, long at, String text) {
    return new VmdkDescriptorParser(path, at, false).parse(text);
  }

  /**
   * Reads the text within a sparse file, whose one extent is that file. Exports of VMware call it
   * RDONLY, and QEMU passes it over.
   *
   * @param at where it starts in the file, in bytes, for messages
   */
  static VmdkDescriptor parseEmbedded(Path path, long at, String text) {
    return new VmdkDescriptorParser(path, at, true).parse(text);
  }
}
