package io.hyper2kvm.image.ova.container;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes tar headers byte by byte, also those that no honest writer makes. */
public final class TarHeaders {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** One entry with its content; the size is the content's. */
  public TarHeaders entry(String name, char type, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    header(name, type, "%011o".formatted(bytes.length));
    return data(bytes);
  }

  /** A header alone, whose size field is this text. */
  public TarHeaders header(String name, char type, String size) {
    byte[] block = block(name, type, size);
    out.write(block, 0, block.length);
    return this;
  }

  static byte[] block(String name, char type, String size) {
    byte[] block = new byte[512];
    put(block, 0, name);
    put(block, 100, "0000644");
    put(block, 124, size);
    block[156] = (byte) type;
    put(block, 257, "ustar");
    put(block, 263, "00");
    return sum(block);
  }

  /** Makes the checksum right. */
  public static byte[] sum(byte[] block) {
    put(block, 148, "        ");
    int sum = 0;
    for (byte b : block) {
      sum += Byte.toUnsignedInt(b);
    }
    put(block, 148, "%06o\0 ".formatted(sum));
    return block;
  }

  static void put(byte[] block, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }

  TarHeaders data(byte[] bytes) {
    out.write(bytes, 0, bytes.length);
    int padding = (512 - bytes.length % 512) % 512;
    out.write(new byte[padding], 0, padding);
    return this;
  }

  /** A pax record with its length. */
  public static String record(String key, String value) {
    int length = key.length() + value.length() + 3;
    int digits = String.valueOf(length).length();
    digits = String.valueOf(length + digits).length();
    return "%d %s=%s\n".formatted(length + digits, key, value);
  }

  public byte[] end() {
    out.write(new byte[1024], 0, 1024);
    return out.toByteArray();
  }

  public byte[] cutHere(byte[] unpadded) {
    out.write(unpadded, 0, unpadded.length);
    return out.toByteArray();
  }

  public byte[] cutHere() {
    return out.toByteArray();
  }
}
