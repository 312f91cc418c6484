package io.hyper2kvm.daemon.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * The log of one manifest, which may be moved while it is written. Each line is in the file when it
 * is written, so the end of the process loses none. Beyond the bound no line is added.
 */
final class JobLog implements AutoCloseable {

  private static final String FULL =
      "the bound of this file, job_log_size, is reached: the daemon's log has the further lines";

  private final FileChannel channel;
  private final long most;
  private long size;
  private boolean full;

  private JobLog(FileChannel channel, long most) throws IOException {
    this.channel = channel;
    this.most = most;
    this.size = channel.size();
    this.full = size >= most;
  }

  /**
   * Opens a log, which is continued if it is there.
   *
   * @param most the bound, in bytes
   * @throws IOException when it cannot be written, or is no regular file
   */
  static JobLog open(Path file, long most) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("not a regular file: " + file);
    }
    return new JobLog(
        FileChannel.open(
            file,
            Set.of(
                StandardOpenOption.CREATE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS)),
        most);
  }

  /** Adds a line, with its end, if there is room for it. */
  synchronized void add(byte[] line) throws IOException {
    if (full || !channel.isOpen()) {
      return;
    }
    byte[] added = line;
    if (size + line.length > most) {
      full = true;
      String form = line.length > 0 && line[0] == '{' ? "{\"message\":\"%s\"}\n" : "  | %s\n";
      added = form.formatted(FULL).getBytes(StandardCharsets.UTF_8);
    }
    ByteBuffer buffer = ByteBuffer.wrap(added);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    size += added.length;
  }

  @Override
  public synchronized void close() throws IOException {
    channel.close();
  }
}
