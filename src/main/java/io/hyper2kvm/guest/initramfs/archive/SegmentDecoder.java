package io.hyper2kvm.guest.initramfs.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.BooleanSupplier;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.LZMAInputStream;
import org.tukaani.xz.SingleXZInputStream;

/**
 * A segment's unpacked bytes. Whatever a decompressor throws at hostile bytes becomes an {@link
 * InitramfsFormatException}, and its output is counted against one budget for the whole file.
 */
final class SegmentDecoder extends FilterInputStream {

  /** Unpacked bytes that may still come, over all segments. */
  static final class Budget {
    private final long limit;
    private long left;

    Budget(long limit) {
      this.limit = limit;
      this.left = limit;
    }
  }

  private final Compression compression;
  private final SegmentSource source;
  private final Budget budget;

  private SegmentDecoder(
      InputStream decoder, Compression compression, SegmentSource source, Budget budget) {
    super(decoder);
    this.compression = compression;
    this.source = source;
    this.budget = budget;
  }

  /**
   * Begins to decode at the source's position.
   *
   * @param archiveOpen whether the archive inside is still incomplete
   */
  static SegmentDecoder open(
      Compression compression,
      SegmentSource source,
      ReadLimits limits,
      Budget budget,
      BooleanSupplier archiveOpen)
      throws IOException {
    try {
      InputStream decoder =
          switch (compression) {
            case NONE -> source;
            case GZIP -> new GzipStream(source, archiveOpen);
            case XZ -> new SingleXZInputStream(source, limits.dictionaryBytes() >> 10);
            case LZMA -> new LZMAInputStream(source, limits.dictionaryBytes() >> 10);
            case BZIP2 -> new BZip2CompressorInputStream(source, false);
            case ZSTD -> new ZstdStream(source, limits.dictionaryBytes(), archiveOpen);
            case LZO -> new LzopStream(source, archiveOpen);
            case LZ4 -> new Lz4LegacyStream(source, archiveOpen);
          };
      return new SegmentDecoder(decoder, compression, source, budget);
    } catch (IOException | RuntimeException e) {
      throw failed(source, compression, e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int count;
    try {
      count = in.read(target, offset, length);
    } catch (IOException | RuntimeException e) {
      throw failed(source, compression, e);
    }
    budget.left -= Math.max(count, 0);
    if (budget.left < 0) {
      throw InitramfsFormatException.tooMuch(source.position(), "unpacked bytes", budget.limit);
    }
    return count;
  }

  /** Frees native memory; the source stays open. */
  @Override
  public void close() throws IOException {
    if (in instanceof GzipStream gzip) {
      gzip.close();
    }
  }

  private static IOException failed(SegmentSource source, Compression compression, Exception e) {
    return source
        .failure()
        .orElseGet(() -> InitramfsFormatException.corrupt(source.position(), compression, e));
  }
}
