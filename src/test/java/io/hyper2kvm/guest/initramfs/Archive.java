package io.hyper2kvm.guest.initramfs;

import io.airlift.compress.lz4.Lz4Compressor;
import io.airlift.compress.zstd.ZstdOutputStream;
import io.hyper2kvm.guest.initramfs.archive.Compression;
import io.hyper2kvm.guest.initramfs.archive.InitramfsContents;
import io.hyper2kvm.guest.initramfs.archive.InitramfsReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.LZMAOutputStream;
import org.tukaani.xz.XZOutputStream;

/** Makes cpio archives and initramfs files for tests, sound ones and broken ones. */
public final class Archive {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int inode = 100;

  public Archive dir(String path) {
    return raw(++inode, 0040755, 2, path, new byte[0]);
  }

  /** All directories of a path, then it. */
  public Archive dirs(String path) {
    for (int i = path.indexOf('/'); i > 0; i = path.indexOf('/', i + 1)) {
      dir(path.substring(0, i));
    }
    return dir(path);
  }

  public Archive file(String path, String content) {
    return file(path, content.getBytes(StandardCharsets.UTF_8));
  }

  public Archive file(String path, byte[] content) {
    return raw(++inode, 0100644, 1, path, content);
  }

  public Archive link(String path, String target) {
    return raw(++inode, 0120777, 1, path, target.getBytes(StandardCharsets.UTF_8));
  }

  public Archive raw(int number, int mode, int links, String path, byte[] content) {
    header(number, mode, links, content.length, path.length() + 1);
    bytes(path.getBytes(StandardCharsets.ISO_8859_1)).bytes(new byte[1]).align();
    return bytes(content).align();
  }

  public Archive header(int number, int mode, int links, long size, long nameSize) {
    return bytes(
        "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x"
            .formatted(number, mode, 0, 0, links, 7, size, 8, 1, 0, 0, nameSize, 0)
            .getBytes(StandardCharsets.US_ASCII));
  }

  public Archive bytes(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  private Archive align() {
    while (out.size() % 4 != 0) {
      out.write(0);
    }
    return this;
  }

  /** Without an end mark. */
  public byte[] open() {
    return out.toByteArray();
  }

  public byte[] end() {
    return raw(0, 0, 1, "TRAILER!!!", new byte[0]).open();
  }

  public byte[] end(Compression compression) {
    return packed(compression, end());
  }

  public static byte[] packed(Compression compression, byte[] archive) {
    var to = new ByteArrayOutputStream();
    try {
      switch (compression) {
        case NONE -> to.write(archive);
        case GZIP -> pack(archive, new GZIPOutputStream(to));
        case XZ -> pack(archive, new XZOutputStream(to, new LZMA2Options(0)));
        case LZMA -> pack(archive, new LZMAOutputStream(to, new LZMA2Options(0), -1));
        case BZIP2 -> pack(archive, new BZip2CompressorOutputStream(to, 1));
        case ZSTD -> pack(archive, new ZstdOutputStream(to));
        case LZO -> lzop(archive, to);
        case LZ4 -> {
          to.write(new byte[] {2, 0x21, 0x4c, 0x18});
          lz4Block(archive, to);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return to.toByteArray();
  }

  private static void pack(byte[] archive, OutputStream to) throws IOException {
    try (to) {
      to.write(archive);
    }
  }

  /** As lzop packs what cannot be made smaller. */
  private static void lzop(byte[] archive, ByteArrayOutputStream to) {
    to.writeBytes(new byte[] {(byte) 0x89, 'L', 'Z', 'O', 0, 13, 10, 26, 10});
    to.writeBytes(new byte[] {0x10, 0x30, 0x20, (byte) 0xa0, 9, 0x40, 1, 5, 3, 0, 0, 1});
    to.writeBytes(new byte[12 + 1 + 4]);
    int block = 100_000;
    for (int from = 0; from < archive.length; from += block) {
      byte[] part = Arrays.copyOfRange(archive, from, Math.min(archive.length, from + block));
      for (int number : new int[] {part.length, part.length, 0}) {
        to.writeBytes(ByteBuffer.allocate(4).putInt(number).array());
      }
      to.writeBytes(part);
    }
    to.writeBytes(new byte[4]);
  }

  private static void lz4Block(byte[] archive, ByteArrayOutputStream to) {
    var compressor = new Lz4Compressor();
    byte[] block = new byte[compressor.maxCompressedLength(archive.length)];
    int size = compressor.compress(archive, 0, archive.length, block, 0, block.length);
    to.write(size);
    to.write(size >> 8);
    to.write(size >> 16);
    to.write(size >> 24);
    to.write(block, 0, size);
  }

  public static byte[] join(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  public static InitramfsContents read(byte[]... parts) throws IOException {
    return new InitramfsReader().read(new ByteArrayInputStream(join(parts)));
  }

  public static byte[] bytesOf(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
