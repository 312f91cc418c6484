package io.hyper2kvm.guest.initramfs.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.BooleanSupplier;

/**
 * A decoder that stops behind the last byte of a frame. It goes on into a directly following frame
 * of its own form only while the archive inside is incomplete: some packers cut one archive into
 * many frames, and where an archive is complete a new segment begins.
 */
abstract class FrameStream extends InputStream {

  final SegmentSource source;
  private final Compression form;
  private final BooleanSupplier archiveOpen;

  FrameStream(SegmentSource source, Compression form, BooleanSupplier archiveOpen) {
    this.source = source;
    this.form = form;
    this.archiveOpen = archiveOpen;
  }

  /** Asked at a frame's end. */
  final boolean goesOn() throws IOException {
    return archiveOpen.getAsBoolean() && form.begins(source.peek(Compression.MAGIC_LENGTH));
  }

  final int need() throws IOException {
    int value = source.read();
    if (value < 0) {
      throw new EOFException("the file ends within the frame");
    }
    return value;
  }

  final long needLittleEndian32() throws IOException {
    return need() | (long) need() << 8 | (long) need() << 16 | (long) need() << 24;
  }

  @Override
  public final int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }
}
