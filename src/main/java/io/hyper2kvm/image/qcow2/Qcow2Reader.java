package io.hyper2kvm.image.qcow2;

import io.hyper2kvm.image.ImageBytes;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.Layout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** qcow2, big endian: complete in itself, or refused. */
public final class Qcow2Reader {

  private static final int VERSION_2_HEADER = 72;
  private static final int VERSION_3_HEADER = 104;
  private static final long DIRTY = 1;
  private static final long CORRUPT = 2;
  private static final long EXTERNAL_DATA = 4;
  private static final long COMPRESSION_TYPE = 8;
  private static final long EXTENDED_L2 = 16;
  private static final int DATA_FILE_EXTENSION = 0x44415441;
  private static final int LONGEST_BACKING_NAME = 1023;

  /** QEMU reads no larger table, in bytes. */
  private static final long LARGEST_L1 = 32L << 20;

  private Qcow2Reader() {}

  /** Reads and checks the header. */
  public static Layout read(ImageBytes image) {
    ByteBuffer header = image.big(0, VERSION_2_HEADER, "the qcow2 header");
    int version = header.getInt(4);
    if (version != 2 && version != 3) {
      throw ImageRefusedException.unsupported(
          image.path(),
          "qcow2 version " + Integer.toUnsignedString(version),
          "Convert it to qcow2 version 3 with qemu-img convert.");
    }
    refuseBackingFile(image, header.getLong(8), header.getInt(16));
    int clusterBits = header.getInt(20);
    if (clusterBits < 9 || clusterBits > 21) {
      throw ImageRefusedException.corrupt(
          image.path(), 20, "clusters of 2^%s bytes".formatted(clusterBits));
    }
    if (header.getInt(32) != 0) {
      throw ImageRefusedException.unsupported(
          image.path(), "it is encrypted", "Decrypt it with qemu-img convert first.");
    }
    boolean dirty = false;
    if (version == 3) {
      dirty = readVersion3(image, 1L << clusterBits);
    } else {
      checkExtensions(image, VERSION_2_HEADER, 1L << clusterBits);
    }
    long size = header.getLong(24);
    Layout.checkSize(image.path(), size, 24);
    checkL1(image, header, size, clusterBits);
    String subformat = version == 2 ? "version 2" : "version 3";
    // QEMU counts in whole sectors, rounded up.
    return Layout.of(
        image, dirty ? subformat + ", dirty refcounts" : subformat, (size + 511) / 512 * 512, 24);
  }

  private static void refuseBackingFile(ImageBytes image, long offset, int length) {
    if (offset == 0 && length == 0) {
      return;
    }
    int shown = length < 0 ? LONGEST_BACKING_NAME : Math.min(length, LONGEST_BACKING_NAME);
    String name = StandardCharsets.UTF_8.decode(image.upTo(offset, shown)).toString();
    throw ImageRefusedException.backingFile(image.path(), 8, name);
  }

  /** Returns whether the reference counts must be rebuilt. */
  private static boolean readVersion3(ImageBytes image, long cluster) {
    ByteBuffer header = image.big(0, VERSION_3_HEADER, "the qcow2 header");
    long features = header.getLong(72);
    if ((features & EXTERNAL_DATA) != 0) {
      throw ImageRefusedException.externalData(image.path(), 72);
    }
    if ((features & CORRUPT) != 0) {
      throw ImageRefusedException.corrupt(image.path(), 72, "it is marked as corrupt");
    }
    long unknown = features & ~(DIRTY | COMPRESSION_TYPE | EXTENDED_L2);
    if (unknown != 0) {
      throw ImageRefusedException.unsupported(
          image.path(),
          "unknown incompatible features %#x".formatted(unknown),
          "Convert it with the QEMU that wrote it.");
    }
    long headerLength = Integer.toUnsignedLong(header.getInt(100));
    if (headerLength < VERSION_3_HEADER || headerLength > cluster) {
      throw ImageRefusedException.corrupt(
          image.path(), 100, "a header of %d bytes".formatted(headerLength));
    }
    checkExtensions(image, headerLength, cluster);
    return (features & DIRTY) != 0;
  }

  /** Extensions stand in the first cluster; each step moves on by eight bytes at least. */
  private static void checkExtensions(ImageBytes image, long from, long cluster) {
    long at = from;
    while (at + 8 <= Math.min(cluster, image.size())) {
      ByteBuffer head = image.big(at, 8, "a header extension");
      int type = head.getInt(0);
      long length = Integer.toUnsignedLong(head.getInt(4));
      if (type == 0) {
        return;
      }
      if (type == DATA_FILE_EXTENSION) {
        throw ImageRefusedException.externalData(image.path(), at);
      }
      if (at + 8 + length > cluster) {
        throw ImageRefusedException.corrupt(
            image.path(), at, "a header extension of %d bytes".formatted(length));
      }
      at += 8 + (length + 7) / 8 * 8;
    }
  }

  private static void checkL1(ImageBytes image, ByteBuffer header, long size, int clusterBits) {
    long entries = Integer.toUnsignedLong(header.getInt(36));
    long offset = header.getLong(40);
    // An extended L2 entry has 16 bytes, a plain one 8; the larger coverage is the lower bound.
    int coveredBits = clusterBits + clusterBits - 3;
    long needed = ((size - 1) >> coveredBits) + 1;
    if (entries * 8 > LARGEST_L1) {
      throw ImageRefusedException.tooLarge(
          image.path(), 36, "an L1 table of %d entries".formatted(entries));
    }
    if (entries < needed || offset <= 0 || offset > Layout.LARGEST) {
      throw ImageRefusedException.corrupt(
          image.path(),
          36,
          "an L1 table of %d entries at %s, the disk needs %d"
              .formatted(entries, Long.toUnsignedString(offset), needed));
    }
    if (offset + entries * 8 > image.size()) {
      throw ImageRefusedException.truncated(
          image.path(), "the L1 table", offset + entries * 8, image.size());
    }
  }
}
