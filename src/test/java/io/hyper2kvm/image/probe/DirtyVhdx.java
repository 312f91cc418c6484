package io.hyper2kvm.image.probe;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** VHDX files as a crash leaves them: what the guest wrote is in the log, not yet in its place. */
public final class DirtyVhdx {

  private DirtyVhdx() {}

  /** Where the block table stands in a file, in bytes; QEMU names it first. */
  public static long blockTable(byte[] image) {
    return TestImages.little(image).getLong((192 << 10) + 16 + 16);
  }

  /**
   * Moves what stands in sectors of a clean VHDX into its log, as when a host crashed before it was
   * written to its place. [MS-VHDX] 2.3: an entry has a header (loge), descriptors (desc, zero) and
   * data sectors (data) that lack the bytes kept in their descriptor.
   *
   * @param sectors offsets in bytes; each is one entry of the log, overwritten with rubbish in the
   *     file; one of zeros becomes a zero descriptor
   */
  public static byte[] withLog(byte[] clean, long... sectors) {
    byte[] image = clean.clone();
    long log = TestImages.little(image).getLong((64 << 10) + 72);
    byte[] id = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);
    int at = (int) log;
    for (int i = 0; i < sectors.length; i++) {
      int sector = (int) sectors[i];
      byte[] data = Arrays.copyOfRange(image, sector, sector + 4096);
      boolean zero = Arrays.equals(data, new byte[4096]);
      Arrays.fill(image, sector, sector + 4096, (byte) 0);
      TestImages.put(image, sector, "not yet written");
      int length = zero ? 4096 : 8192;
      Arrays.fill(image, at, at + length, (byte) 0);
      entry(image, at, length, i + 1);
      System.arraycopy(id, 0, image, at + 32, 16);
      TestImages.put(image, at + 64, zero ? "zero" : "desc");
      TestImages.little(image).putLong(at + 64 + 16, sector).putLong(at + 64 + 24, i + 1);
      if (zero) {
        TestImages.little(image).putLong(at + 64 + 8, 4096);
      } else {
        System.arraycopy(data, 4092, image, at + 64 + 4, 4);
        System.arraycopy(data, 0, image, at + 64 + 8, 8);
        System.arraycopy(data, 8, image, at + 4096 + 8, 4084);
        TestImages.put(image, at + 4096, "data");
        TestImages.little(image).putInt(at + 8192 - 4, i + 1);
      }
      TestImages.crc(image, at, length);
      at += length;
    }
    for (int header : new int[] {64 << 10, 128 << 10}) {
      System.arraycopy(id, 0, image, header + 48, 16);
      TestImages.crc(image, header, 4096);
    }
    return image;
  }

  /** The tail of each is the log's start: all are replayed. */
  private static void entry(byte[] image, int at, int length, int sequence) {
    TestImages.put(image, at, "loge");
    TestImages.little(image)
        .putInt(at + 8, length)
        .putLong(at + 16, sequence)
        .putInt(at + 24, 1)
        .putLong(at + 48, image.length)
        .putLong(at + 56, image.length);
  }

  /**
   * Puts a VHDX back to the moment between QEMU's two writes, that of its log and that of the block
   * table. QEMU marks a log as replayed when it has written both, but leaves the entry in it.
   *
   * @param before the image before QEMU's last write that gave it a new block
   * @param after the image after it
   */
  public static byte[] asQemuLogged(byte[] before, byte[] after) {
    byte[] image = after.clone();
    int log = (int) TestImages.little(image).getLong((64 << 10) + 72);
    int sector = (int) TestImages.little(image).getLong(log + 64 + 16);
    System.arraycopy(before, sector, image, sector, 4096);
    for (int header : new int[] {64 << 10, 128 << 10}) {
      System.arraycopy(image, log + 32, image, header + 48, 16);
      TestImages.crc(image, header, 4096);
    }
    return image;
  }
}
