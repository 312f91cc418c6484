package io.hyper2kvm.image.vdi;

import io.hyper2kvm.image.ImageBytes;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.Layout;
import java.nio.ByteBuffer;

/** VDI, little endian. */
public final class VdiReader {

  private static final int HEADER = 512;
  private static final int VERSION = 0x00010001;
  private static final int DYNAMIC = 1;
  private static final int FIXED = 2;
  private static final int BLOCK = 1 << 20;

  private VdiReader() {}

  /** Reads and checks the header. */
  public static Layout read(ImageBytes image) {
    ByteBuffer header = image.little(0, HEADER, "the VDI header");
    if (header.getInt(0x44) != VERSION) {
      throw ImageRefusedException.unsupported(
          image.path(),
          "VDI version %#x".formatted(header.getInt(0x44)),
          "Clone the disk with VirtualBox.");
    }
    int type = header.getInt(0x4c);
    boolean linked = notZero(header, 0x1a8) || notZero(header, 0x1b8);
    if (linked || (type != DYNAMIC && type != FIXED)) {
      throw ImageRefusedException.hasParent(
          image.path(), 0x4c, "a VDI of type %s".formatted(Integer.toUnsignedString(type)));
    }
    if (header.getInt(0x168) != 512 || header.getInt(0x178) != BLOCK) {
      throw ImageRefusedException.unsupported(
          image.path(),
          "a VDI with sectors of %s and blocks of %s bytes"
              .formatted(
                  Integer.toUnsignedString(header.getInt(0x168)),
                  Integer.toUnsignedString(header.getInt(0x178))),
          "Clone the disk with VirtualBox.");
    }
    long size = header.getLong(0x170);
    Layout.checkSize(image.path(), size, 0x170);
    checkMap(image, header, size);
    return Layout.of(image, type == FIXED ? "fixed" : "dynamic", (size + 511) / 512 * 512, 0x170);
  }

  private static void checkMap(ImageBytes image, ByteBuffer header, long size) {
    long map = Integer.toUnsignedLong(header.getInt(0x154));
    long blocks = Integer.toUnsignedLong(header.getInt(0x180));
    if (blocks < (size - 1) / BLOCK + 1 || map < HEADER) {
      throw ImageRefusedException.corrupt(
          image.path(), 0x180, "a map of %d blocks at %d".formatted(blocks, map));
    }
    if (map + blocks * 4 > image.size()) {
      throw ImageRefusedException.truncated(
          image.path(), "the block map", map + blocks * 4, image.size());
    }
  }

  private static boolean notZero(ByteBuffer header, int at) {
    return header.getLong(at) != 0 || header.getLong(at + 8) != 0;
  }
}
