package io.hyper2kvm.image.ova;

import io.hyper2kvm.image.ova.container.ArchiveRefusals;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** A new file in which zeros take no room, written once from its start; full disks are noticed. */
final class SparseFile implements Closeable {

  /** What must stay free where disks are unpacked, in bytes. */
  private static final long SPACE_LEFT = 64L << 20;

  private static final int BLOCK = 1 << 16;
  private static final long LOOK_EVERY = 32L << 20;
  private static final byte[] ZEROS = new byte[BLOCK];

  private final Path file;
  private final FileChannel channel;
  private final FileStore store;
  private final byte[] pending = new byte[BLOCK];
  private int filled;
  private long size;
  private long written;
  private long nextLook;

  private SparseFile(Path file, FileChannel channel, FileStore store) {
    this.file = file;
    this.channel = channel;
    this.store = store;
  }

  /** A new file; one that is there already is an error. */
  static SparseFile create(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return new SparseFile(file, channel, Files.getFileStore(file.getParent()));
  }

  /** A new file of zeros; {@code size} in bytes. */
  static void blank(Path file, long size) throws IOException {
    create(file).close();
    setLength(file, size);
  }

  /**
   * Appends all of a stream.
   *
   * @param limit more bytes than this are refused
   * @param source the OVA, and {@code what} of it this is, for messages
   */
  void append(InputStream in, long limit, Path source, String what) throws IOException {
    byte[] buffer = new byte[BLOCK];
    int n;
    while ((n = in.readNBytes(buffer, 0, BLOCK)) > 0) {
      if (size + n > limit) {
        throw ArchiveRefusals.tooLarge(
            source, "%s has more than the %d bytes that its disk can need".formatted(what, limit));
      }
      if (!Arrays.equals(buffer, 0, n, ZEROS, 0, n)) {
        write(ByteBuffer.wrap(buffer, 0, n), what);
      }
      size += n;
    }
  }

  /**
   * Appends pieces of any length; with {@link #flush} at their end.
   *
   * @param what what this is, for messages
   */
  void append(ByteBuffer bytes, String what) throws IOException {
    while (bytes.hasRemaining()) {
      int n = Math.min(bytes.remaining(), BLOCK - filled);
      bytes.get(pending, filled, n);
      filled += n;
      if (filled == BLOCK) {
        flush(what);
      }
    }
  }

  /** Appends zeros; {@code length} in bytes. */
  void appendZeros(long length, String what) throws IOException {
    int n = filled == 0 ? 0 : (int) Math.min(length, BLOCK - filled);
    append(ByteBuffer.wrap(ZEROS, 0, n), what);
    long whole = (length - n) / BLOCK * BLOCK;
    size += whole;
    append(ByteBuffer.wrap(ZEROS, 0, (int) (length - n - whole)), what);
  }

  /** Writes what {@link #append(ByteBuffer, String)} has kept back. */
  void flush(String what) throws IOException {
    if (!Arrays.equals(pending, 0, filled, ZEROS, 0, filled)) {
      write(ByteBuffer.wrap(pending, 0, filled), what);
    }
    size += filled;
    filled = 0;
  }

  private void write(ByteBuffer bytes, String what) throws IOException {
    if (written >= nextLook) {
      nextLook = written + LOOK_EVERY;
      requireSpace(LOOK_EVERY, what);
    }
    written += bytes.remaining();
    long at = size;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  /** Refuses when there is not so much room, in bytes, and a little more. */
  void requireSpace(long needed, String what) throws IOException {
    long usable = store.getUsableSpace();
    if (usable - SPACE_LEFT < needed) {
      throw OvaRefusals.noSpace(file.getParent(), what, needed + SPACE_LEFT, usable);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    setLength(file, size);
  }

  /** Zeros at the end were never written. */
  private static void setLength(Path file, long size) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(size);
    }
  }
}
