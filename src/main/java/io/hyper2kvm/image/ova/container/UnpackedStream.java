package io.hyper2kvm.image.ova.container;

import io.airlift.compress.zstd.ZstdInputStream;
import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.image.ImageRefusedException;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * What a compressed stream unpacks to, up to a limit. Every fault of the data is a refusal,
 * whatever the decompressor throws; an interrupt ends the reading.
 */
public final class UnpackedStream extends FilterInputStream {

  /** {@code xz -9} needs 65 MiB; the daemon's heap is small, and several VMs share it. */
  private static final int XZ_MEMORY_KIB = 80 << 10;

  private static final int BUFFER = 1 << 16;

  private final Path source;
  private final String what;
  private final long limit;
  private long count;

  private UnpackedStream(InputStream unpacked, Path source, String what, long limit) {
    super(unpacked);
    this.source = source;
    this.what = what;
    this.limit = limit;
  }

  /**
   * The stream that unpacks another one.
   *
   * @param source the file that it is about, and {@code what} of it, for messages
   * @param limit more bytes than this are refused
   */
  public static UnpackedStream of(
      ImageFormat compression, InputStream packed, Path source, String what, long limit)
      throws IOException {
    try {
      InputStream buffered = new BufferedInputStream(packed, BUFFER);
      InputStream unpacked =
          switch (compression) {
            case GZIP ->
                GzipCompressorInputStream.builder()
                    .setInputStream(buffered)
                    .setDecompressConcatenated(true)
                    .get();
            case XZ -> new XZInputStream(buffered, XZ_MEMORY_KIB);
            case ZSTD -> new ZstdInputStream(buffered);
            case BZIP2 -> new BZip2CompressorInputStream(buffered, true);
            default -> throw new IllegalArgumentException(compression.description());
          };
      return new UnpackedStream(unpacked, source, what, limit);
    } catch (IOException e) {
      throw fault(source, what, e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (Thread.interrupted()) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while unpacking " + source);
    }
    int n;
    try {
      n = super.read(buffer, offset, length);
    } catch (ImageRefusedException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Decompressors throw what their authors liked; all of it means that the data is broken.
      throw fault(source, what, e);
    }
    count += Math.max(n, 0);
    if (count > limit) {
      throw ArchiveRefusals.tooLarge(
          source, "%s unpacks to more than %d bytes".formatted(what, limit));
    }
    return n;
  }

  @Override
  public long skip(long bytes) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long skipped = 0;
    while (skipped < bytes) {
      int n = read(buffer, 0, (int) Math.min(buffer.length, bytes - skipped));
      if (n < 0) {
        break;
      }
      skipped += n;
    }
    return skipped;
  }

  private static RuntimeException fault(Path source, String what, Exception cause)
      throws IOException {
    if (cause instanceof InterruptedIOException || cause instanceof ClosedByInterruptException) {
      throw (IOException) cause;
    }
    return ArchiveRefusals.undecodable(source, what, cause);
  }
}
