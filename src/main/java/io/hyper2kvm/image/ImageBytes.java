package io.hyper2kvm.image;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * The bytes of one image: a whole file, or a slice of one. Every read is positional, bounded and
 * within the image; every input/output error is a refusal.
 */
public final class ImageBytes implements Closeable {

  /** No header needs more in one piece, in bytes. */
  public static final int LONGEST_READ = 1 << 20;

  private final Path path;
  private final FileChannel channel;
  private final long base;
  private final long size;

  private ImageBytes(Path path, FileChannel channel, long base, long size) {
    this.path = path;
    this.channel = channel;
    this.base = base;
    this.size = size;
  }

  /** Opens a file that the caller found to be regular; a link put in its place is not followed. */
  public static ImageBytes open(Path file) {
    FileChannel channel = openChannel(file);
    try {
      return new ImageBytes(file, channel, 0, channel.size());
    } catch (IOException e) {
      closeQuietly(channel);
      throw ImageRefusedException.unreadable(file, e);
    }
  }

  /** Opens {@code size} bytes from {@code offset}; offsets of later reads count from there. */
  public static ImageBytes slice(Path file, long offset, long size) {
    if (offset < 0 || size < 0 || offset > Long.MAX_VALUE - size) {
      throw new IllegalArgumentException("no slice of a file: offset " + offset + " size " + size);
    }
    ImageBytes whole = open(file);
    if (whole.size < offset + size) {
      closeQuietly(whole);
      throw ImageRefusedException.truncated(file, "the image within it", offset + size, whole.size);
    }
    return new ImageBytes(file, whole.channel, offset, size);
  }

  /** The file. */
  public Path path() {
    return path;
  }

  /** In bytes. */
  public long size() {
    return size;
  }

  /** The size as QEMU counts it: rounded up to a whole sector, the rest reads as zeros. */
  public long sizeInWholeSectors() {
    return size > Long.MAX_VALUE - 511 ? size : (size + 511) / 512 * 512;
  }

  /**
   * Exactly {@code length} bytes, little endian.
   *
   * @param what what these bytes are, for the message when the image ends before them
   */
  public ByteBuffer little(long offset, int length, String what) {
    return big(offset, length, what).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** As {@link #little}, big endian. */
  public ByteBuffer big(long offset, int length, String what) {
    if (offset < 0 || offset > Long.MAX_VALUE - length) {
      throw ImageRefusedException.corrupt(
          path, 0, "%s would stand at byte %s".formatted(what, Long.toUnsignedString(offset)));
    }
    ByteBuffer bytes = upTo(offset, length);
    if (bytes.remaining() < length) {
      throw ImageRefusedException.truncated(path, what, offset + length, size);
    }
    return bytes;
  }

  /** At most {@code length} bytes, fewer where the image ends, big endian. */
  public ByteBuffer upTo(long offset, int length) {
    if (length < 0 || length > LONGEST_READ) {
      throw new IllegalArgumentException("read of " + length + " bytes");
    }
    int there = offset < 0 || offset >= size ? 0 : (int) Math.min(length, size - offset);
    ByteBuffer bytes = ByteBuffer.allocate(there);
    try {
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, base + offset + bytes.position()) < 0) {
          break;
        }
      }
    } catch (IOException e) {
      throw ImageRefusedException.unreadable(path, e);
    }
    return bytes.flip();
  }

  /** Whether the ASCII text stands at the offset. */
  public boolean has(long offset, String ascii) {
    byte[] wanted = ascii.getBytes(StandardCharsets.ISO_8859_1);
    return upTo(offset, wanted.length).equals(ByteBuffer.wrap(wanted));
  }

  @Override
  public void close() {
    closeQuietly(channel);
  }

  private static FileChannel openChannel(Path file) {
    try {
      return FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    } catch (IOException e) {
      throw ImageRefusedException.unreadable(file, e);
    }
  }

  /** Nothing was written, so a failing close loses nothing. */
  private static void closeQuietly(Closeable open) {
    try {
      open.close();
    } catch (IOException ignored) {
      // The descriptor is gone either way.
    }
  }
}
