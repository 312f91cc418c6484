package io.hyper2kvm.guest.initramfs.archive;

import io.airlift.compress.lz4.Lz4Compressor;
import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZ;
import org.tukaani.xz.XZOutputStream;

/**
 * Packs an archive so that it can stand behind an existing segment. It takes that segment's form:
 * the kernel takes any, but the guest's own listing tools test the whole rest of the file as one
 * compressed stream, and a legacy lz4 stream has no other end than the file's.
 */
public final class SegmentEncoder {

  /** What the kernel's decoder must hold; the archives are a few MiB. */
  private static final int XZ_DICTIONARY = 1 << 20;

  private SegmentEncoder() {}

  /** The zeros and the packed archive that go behind the contents' file. */
  public static byte[] suffix(InitramfsContents contents, byte[] archive) {
    List<Segment> segments = contents.segments();
    Segment last = segments.get(segments.size() - 1);
    long zeros = contents.length() - last.end();
    var out = new ByteArrayOutputStream(archive.length + 4);
    try {
      switch (last.compression()) {
        case GZIP -> copy(archive, new GZIPOutputStream(out));
        case XZ -> copy(archive, xz(out));
        case BZIP2 -> copy(archive, new BZip2CompressorOutputStream(out, 9));
        case ZSTD -> copy(archive, new ZstdOutputStream(out));
        case LZO -> LzopWriter.write(archive, out);
        case LZ4 -> {
          if (zeros > 0) {
            // The decoder takes four zeros, and no fewer, for the stream's end.
            out.write(new byte[(int) Math.max(0, 4 - zeros)]);
          }
          lz4(archive, zeros > 0 ? 0 : (int) (-last.unpackedBytes() & 3), out);
        }
        // Two .lzma streams in a row are none that any tool reads: the plain archive is.
        case NONE, LZMA -> {
          out.write(new byte[(int) (-contents.length() & 3)]);
          out.write(archive);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // nothing here does I/O
    }
    return out.toByteArray();
  }

  private static void copy(byte[] archive, OutputStream out) throws IOException {
    try (out) {
      out.write(archive);
    }
  }

  /** The kernel knows CRC32 as the only checksum of the format. */
  private static OutputStream xz(OutputStream out) throws IOException {
    var options = new LZMA2Options(6);
    options.setDictSize(XZ_DICTIONARY);
    return new XZOutputStream(out, options, XZ.CHECK_CRC32);
  }

  /** The stream goes on where the one before stopped, so the archive must begin aligned in it. */
  private static void lz4(byte[] archive, int alignment, ByteArrayOutputStream out) {
    byte[] aligned = new byte[alignment + archive.length];
    System.arraycopy(archive, 0, aligned, alignment, archive.length);
    littleEndian(0x184c2102, out);
    var compressor = new Lz4Compressor();
    for (int from = 0; from < aligned.length; from += Lz4LegacyStream.BLOCK_BYTES) {
      int length = Math.min(Lz4LegacyStream.BLOCK_BYTES, aligned.length - from);
      byte[] packed = new byte[compressor.maxCompressedLength(length)];
      int size = compressor.compress(aligned, from, length, packed, 0, packed.length);
      littleEndian(size, out);
      out.writeBytes(Arrays.copyOf(packed, size));
    }
  }

  private static void littleEndian(int value, ByteArrayOutputStream out) {
    out.write(value);
    out.write(value >>> 8);
    out.write(value >>> 16);
    out.write(value >>> 24);
  }
}
