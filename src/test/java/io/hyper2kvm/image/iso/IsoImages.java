package io.hyper2kvm.image.iso;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** ISO 9660 images with a folder and a file in it, written field by field. */
final class IsoImages {

  static final int SECTOR = 2048;

  private final ByteBuffer image = ByteBuffer.allocate(32 * SECTOR).order(ByteOrder.LITTLE_ENDIAN);
  private int at;

  /** One with the plain form, whose root is in sector 20, and one of Joliet's in sector 22. */
  static IsoImages of(boolean joliet) {
    IsoImages iso = new IsoImages();
    iso.descriptor(16, 1, 20);
    int next = 17;
    if (joliet) {
      iso.descriptor(17, 2, 22);
      iso.image.put(17 * SECTOR + 88, "%/E".getBytes(StandardCharsets.US_ASCII));
      next = 18;
    }
    iso.descriptor(next, 255, 0);
    iso.folder(20, StandardCharsets.US_ASCII, "VIOSTOR", "VIOSTOR.SYS;1", 21);
    iso.folder(22, StandardCharsets.UTF_16BE, "viostor", "vioStor.sys;1", 23);
    return iso;
  }

  private void descriptor(int sector, int type, int root) {
    int start = sector * SECTOR;
    image.put(start, (byte) type).put(start + 1, "CD001".getBytes(StandardCharsets.US_ASCII));
    at = start + 156;
    record(new byte[] {0}, root, SECTOR, true, new byte[0]);
  }

  private void folder(int root, Charset charset, String folder, String file, int sector) {
    at = root * SECTOR;
    record(new byte[] {0}, root, SECTOR, true, new byte[0]);
    record(new byte[] {1}, root, SECTOR, true, new byte[0]);
    record(folder.getBytes(charset), sector, SECTOR, true, new byte[0]);
    record("README".getBytes(charset), 30, 5, false, new byte[0]);
    at = sector * SECTOR;
    record(new byte[] {0}, sector, SECTOR, true, new byte[0]);
    record(new byte[] {1}, root, SECTOR, true, new byte[0]);
    record(file.getBytes(charset), 30, 5, false, new byte[0]);
  }

  /** Adds a record where the last one ended. */
  IsoImages record(byte[] name, int sector, int bytes, boolean isFolder, byte[] more) {
    int padded = 33 + name.length + (1 - name.length % 2);
    int length = padded + more.length;
    image.put(at, (byte) length).putInt(at + 2, sector).putInt(at + 10, bytes);
    image.put(at + 25, (byte) (isFolder ? 2 : 0)).put(at + 32, (byte) name.length);
    image.put(at + 33, name).put(at + padded, more);
    at += length;
    return this;
  }

  /** Adds a record with a name of Rock Ridge. */
  IsoImages named(String plain, String name) {
    byte[] field = new byte[5 + name.length()];
    field[0] = 'N';
    field[1] = 'M';
    field[2] = (byte) field.length;
    field[3] = 1;
    System.arraycopy(name.getBytes(StandardCharsets.US_ASCII), 0, field, 5, name.length());
    return record(plain.getBytes(StandardCharsets.US_ASCII), 30, 5, false, field);
  }

  /** Goes to the end of the plain form's folder. */
  IsoImages inPlainFolder() {
    at = 21 * SECTOR;
    while (image.get(at) != 0) {
      at += image.get(at) & 0xff;
    }
    return this;
  }

  byte[] bytes() {
    return image.array().clone();
  }
}
