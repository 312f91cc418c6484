package io.hyper2kvm.guest.initramfs.archive;

import io.airlift.compress.lzo.LzoCompressor;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.Adler32;

/** Packs bytes as lzop does. */
final class LzopWriter {

  private static final byte[] MAGIC = {(byte) 0x89, 'L', 'Z', 'O', 0, '\r', '\n', 0x1a, '\n'};
  private static final int VERSION = 0x1030;
  private static final int LIBRARY = 0x2080;
  private static final int NEEDED = 0x0940;
  private static final int METHOD_LZO1X_1 = 1;
  private static final int LEVEL = 5;
  private static final int REGULAR_FILE = 0100644;

  private LzopWriter() {}

  static void write(byte[] bytes, ByteArrayOutputStream out) {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    number(VERSION, 2, header);
    number(LIBRARY, 2, header);
    number(NEEDED, 2, header);
    header.write(METHOD_LZO1X_1);
    header.write(LEVEL);
    number(LzopStream.ADLER32_UNPACKED, 4, header);
    number(REGULAR_FILE, 4, header);
    number(0, 4, header); // time of change
    number(0, 4, header);
    header.write(0); // no name
    out.writeBytes(MAGIC);
    out.writeBytes(header.toByteArray());
    number(checksum(header.toByteArray()), 4, out);
    LzoCompressor compressor = new LzoCompressor();
    for (int from = 0; from < bytes.length; from += LzopStream.BLOCK_BYTES) {
      byte[] plain =
          Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + LzopStream.BLOCK_BYTES));
      byte[] packed = new byte[compressor.maxCompressedLength(plain.length)];
      int size = compressor.compress(plain, 0, plain.length, packed, 0, packed.length);
      boolean smaller = size < plain.length;
      number(plain.length, 4, out);
      number(smaller ? size : plain.length, 4, out);
      number(checksum(plain), 4, out);
      out.writeBytes(smaller ? Arrays.copyOf(packed, size) : plain);
    }
    number(0, 4, out);
  }

  private static long checksum(byte[] bytes) {
    Adler32 sum = new Adler32();
    sum.update(bytes);
    return sum.getValue();
  }

  private static void number(long value, int bytes, ByteArrayOutputStream out) {
    for (int i = bytes - 1; i >= 0; i--) {
      out.write((int) (value >>> 8 * i));
    }
  }
}
