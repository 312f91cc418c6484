package io.hyper2kvm.daemon.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** A regular file that is read in parts, so that no answer is larger in memory than one part. */
final class OpenFile implements AutoCloseable {

  /** The size of a part, in bytes. */
  static final int PART = 64 << 10;

  private final FileChannel channel;
  private final long size;
  private final String tag;

  private OpenFile(FileChannel channel, long size, String tag) {
    this.channel = channel;
    this.size = size;
    this.tag = tag;
  }

  /**
   * Opens a file.
   *
   * @throws NoSuchFileException when there is none, or a link, a pipe or anything else but a
   *     regular file has its name
   */
  static OpenFile open(Path file) throws IOException {
    // Opening a pipe would wait for its writer.
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new NoSuchFileException(file.toString());
    }
    Map<String, Object> all =
        Files.readAttributes(file, "unix:ino,ctime,size", LinkOption.NOFOLLOW_LINKS);
    String tag = Integer.toHexString(all.hashCode()) + "-" + all.get("size");
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    return new OpenFile(channel, channel.size(), tag);
  }

  /** The size when it was opened, in bytes. */
  long size() {
    return size;
  }

  /** Changes whenever the file does. */
  String tag() {
    return tag;
  }

  /**
   * Reads the next part.
   *
   * @param at where it begins
   * @return as many bytes as there are until the size, at most {@link #PART}
   * @throws IOException also when the file has become shorter
   */
  byte[] part(long at) throws IOException {
    ByteBuffer part = ByteBuffer.allocate((int) Math.min(PART, size - at));
    while (part.hasRemaining()) {
      if (channel.read(part, at + part.position()) < 0) {
        throw new IOException("the file has become shorter");
      }
    }
    return part.array();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Of a file that was only read.
    }
  }
}
