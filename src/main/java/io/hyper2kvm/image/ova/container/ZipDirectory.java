package io.hyper2kvm.image.ova.container;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * Measures a zip archive's directory before a library reads it into memory. APPNOTE.TXT of PKWARE,
 * sections 4.3.14 to 4.3.16.
 */
final class ZipDirectory {

  private static final int END_SIGNATURE = 0x06054b50;
  private static final int LOCATOR_SIGNATURE = 0x07064b50;
  private static final int END_LENGTH = 22;
  private static final int LOCATOR_LENGTH = 20;
  private static final long WIDE = 0xffffffffL;

  private ZipDirectory() {}

  /** Refuses an archive whose directory is missing, or larger than is read. */
  static void check(Path archive) throws IOException {
    try (FileChannel channel =
        FileChannel.open(archive, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      long size = channel.size();
      long tailAt = Math.max(0, size - END_LENGTH - 0xffff);
      ByteBuffer tail = read(channel, tailAt, (int) (size - tailAt));
      int end = tail.limit() - END_LENGTH;
      while (end >= 0 && tail.getInt(end) != END_SIGNATURE) {
        end--;
      }
      if (end < 0) {
        throw ArchiveRefusals.corrupt(archive, size, "the zip archive ends without its directory");
      }
      long start = Integer.toUnsignedLong(tail.getInt(end + 16));
      if (start == WIDE && end >= LOCATOR_LENGTH) {
        start = wideStart(archive, channel, tail, end - LOCATOR_LENGTH);
      }
      long length = tailAt + end - start;
      if (start < 0 || length < 0) {
        throw ArchiveRefusals.corrupt(archive, tailAt + end, "the zip directory lies outside");
      }
      if (length > Limits.ZIP_DIRECTORY_BYTES) {
        throw ArchiveRefusals.tooLarge(archive, "the zip directory has %d bytes".formatted(length));
      }
    }
  }

  private static long wideStart(Path archive, FileChannel channel, ByteBuffer tail, int locator)
      throws IOException {
    if (tail.getInt(locator) != LOCATOR_SIGNATURE) {
      return WIDE;
    }
    long end = tail.getLong(locator + 8);
    if (end < 0 || end > channel.size() - 56) {
      throw ArchiveRefusals.corrupt(archive, locator, "the zip64 directory's end lies outside");
    }
    return read(channel, end, 56).getLong(48);
  }

  private static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {
      // Reads on until all is there or the file ends.
    }
    return bytes.flip();
  }
}
