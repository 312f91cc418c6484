package io.hyper2kvm.image.ova.container;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Objects;

/** A part of an open file as a stream; closing it leaves the file open. */
final class FilePart extends InputStream {

  private final FileChannel channel;
  private final long end;
  private long at;

  FilePart(FileChannel channel, long offset, long size) {
    this.channel = channel;
    this.at = offset;
    this.end = offset + size;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    if (length == 0) {
      return 0;
    }
    if (at >= end) {
      return -1;
    }
    int n = channel.read(ByteBuffer.wrap(buffer, offset, (int) Math.min(length, end - at)), at);
    if (n > 0) {
      at += n;
    }
    return n;
  }

  /** Goes over the bytes without reading them. */
  @Override
  public long skip(long bytes) {
    long skipped = Math.max(0, Math.min(bytes, end - at));
    at += skipped;
    return skipped;
  }
}
