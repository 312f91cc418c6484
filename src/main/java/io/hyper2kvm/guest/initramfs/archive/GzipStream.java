package io.hyper2kvm.guest.initramfs.archive;

import java.io.EOFException;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Decodes gzip members; the JDK's own stream reads ahead and loses the end of the member. */
final class GzipStream extends FrameStream {

  private static final int MAX_HEADER_TEXT = 64 << 10;
  private static final int AHEAD = 8 << 10;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();

  /** Bytes lent to the inflater and not yet taken from the source. */
  private int ahead;

  private boolean inMember;
  private boolean ended;

  GzipStream(SegmentSource source, BooleanSupplier archiveOpen) {
    super(source, Compression.GZIP, archiveOpen);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!ended) {
      if (!inMember) {
        readHeader();
      }
      int count = inflate(target, offset, length);
      if (count > 0) {
        crc.update(target, offset, count);
        return count;
      }
      readTrailer();
      ended = !goesOn();
    }
    return -1;
  }

  /** Some bytes of this member, or 0 at its end. */
  private int inflate(byte[] target, int offset, int length) throws IOException {
    try {
      while (!inflater.finished()) {
        if (inflater.needsInput()) {
          source.skipNBytes(ahead);
          byte[] input = source.peek(AHEAD);
          ahead = input.length;
          if (ahead == 0) {
            throw new EOFException("the file ends within the member");
          }
          inflater.setInput(input);
        }
        int count = inflater.inflate(target, offset, length);
        if (inflater.needsDictionary()) {
          throw new IOException("asks for a preset dictionary");
        }
        if (count > 0) {
          return count;
        }
      }
      source.skipNBytes(ahead - inflater.getRemaining());
      ahead = 0;
      return 0;
    } catch (DataFormatException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private void readHeader() throws IOException {
    need();
    need();
    if (need() != 8) {
      throw new IOException("unknown gzip method");
    }
    int flags = need();
    source.skipNBytes(6);
    if ((flags & 4) != 0) {
      source.skipNBytes(need() | need() << 8);
    }
    if ((flags & 8) != 0) {
      skipText();
    }
    if ((flags & 16) != 0) {
      skipText();
    }
    if ((flags & 2) != 0) {
      source.skipNBytes(2);
    }
    inflater.reset();
    crc.reset();
    inMember = true;
  }

  private void skipText() throws IOException {
    int length = 0;
    while (need() != 0) {
      if (++length > MAX_HEADER_TEXT) {
        throw new IOException("endless text in the gzip header");
      }
    }
  }

  private void readTrailer() throws IOException {
    long expected = needLittleEndian32();
    long size = needLittleEndian32();
    if (expected != crc.getValue()) {
      throw new IOException("checksum mismatch");
    }
    if (size != (inflater.getBytesWritten() & 0xffffffffL)) {
      throw new IOException("length mismatch");
    }
    inMember = false;
  }

  @Override
  public void close() {
    inflater.end();
  }
}
