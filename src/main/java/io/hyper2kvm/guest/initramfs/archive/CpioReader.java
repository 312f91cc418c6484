package io.hyper2kvm.guest.initramfs.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Parses newc and crc cpio archives out of one segment and hands their entries to a sink. */
public final class CpioReader {

  /** The first thing that is not of the format; the offset is the caller's to know. */
  static final class Malformed extends IOException {
    Malformed(String message) {
      super(message);
    }
  }

  /** One entry's header, as it stands in the archive. */
  record Header(
      int inode, int mode, int links, long size, long mtime, int major, int minor, String name) {}

  /** Takes the entries. */
  interface Sink {
    /** Must not read more than the header's size from {@code content}; the rest is skipped. */
    void entry(Header header, InputStream content) throws IOException;

    /** The archive's end mark. */
    void endOfArchive();
  }

  private static final int HEADER_LENGTH = 110;
  private static final int MAX_DEPTH = 128;
  private static final String END = "TRAILER!!!";

  private final ReadLimits limits;
  private final byte[] scratch = new byte[64 << 10];
  private InputStream in;
  private long position;
  private boolean open;

  CpioReader(ReadLimits limits) {
    this.limits = limits;
  }

  /** Whether an archive has begun and its end mark has not come yet. */
  boolean isOpen() {
    return open;
  }

  /** Unpacked bytes read so far. */
  long position() {
    return position;
  }

  /** Reads all archives up to the stream's end; between them only zeros may stand. */
  void readAll(InputStream unpacked, Sink sink) throws IOException {
    in = unpacked;
    boolean any = false;
    int first;
    while ((first = in.read()) >= 0) {
      position++;
      if (first == '0' && (position - 1) % 4 == 0) {
        readArchive(first, sink);
        any = true;
      } else if (first != 0) {
        throw new Malformed(
            "0x%02x behind an archive, %d unpacked bytes in".formatted(first, position - 1));
      }
    }
    if (!any) {
      throw new Malformed("a compressed segment without an archive");
    }
  }

  /** Reads one archive up to and with its end mark. */
  void readArchive(InputStream unpacked, Sink sink) throws IOException {
    in = unpacked;
    int first = in.read();
    position++;
    readArchive(first, sink);
  }

  private void readArchive(int first, Sink sink) throws IOException {
    open = true;
    boolean ended = readEntry(first, sink);
    while (!ended) {
      int next = in.read();
      position++;
      ended = readEntry(next, sink);
    }
    open = false;
    sink.endOfArchive();
  }

  /** Reads one entry whose first byte is taken already; true if it was the end mark. */
  private boolean readEntry(int first, Sink sink) throws IOException {
    byte[] header = new byte[HEADER_LENGTH];
    header[0] = (byte) first;
    if (first < 0 || in.readNBytes(header, 1, HEADER_LENGTH - 1) < HEADER_LENGTH - 1) {
      throw new Malformed("the archive ends without its end mark");
    }
    position += HEADER_LENGTH - 1;
    String magic = new String(header, 0, 6, StandardCharsets.ISO_8859_1);
    if (!magic.equals("070701") && !magic.equals("070702")) {
      throw new Malformed("no newc header, but " + printable(magic));
    }
    long nameSize = hex(header, 11);
    if (nameSize < 1 || nameSize > limits.nameLength()) {
      throw new Malformed("a name of %d bytes".formatted(nameSize));
    }
    String name = name((int) nameSize);
    skipPadding();
    if (name.equals(END)) {
      return true;
    }
    var entry =
        new Header(
            (int) hex(header, 0),
            (int) hex(header, 1),
            (int) hex(header, 4),
            hex(header, 6),
            hex(header, 5),
            (int) hex(header, 7),
            (int) hex(header, 8),
            normalized(name));
    var content = new Content(entry.size());
    sink.entry(entry, content);
    content.skipRest();
    skipPadding();
    return false;
  }

  private String name(int size) throws IOException {
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new Malformed("the archive ends within a name");
    }
    position += size;
    int length = 0;
    while (length < size && bytes[length] != 0) {
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
  }

  /** Without "./", doubled slashes and such; ".." has no place in an archive. */
  private static String normalized(String name) throws Malformed {
    var path = new StringBuilder(name.length());
    int depth = 0;
    for (String part : name.split("/")) {
      if (part.isEmpty() || part.equals(".")) {
        continue;
      }
      if (part.equals("..")) {
        throw new Malformed("a name that leads upwards: " + printable(name));
      }
      if (++depth > MAX_DEPTH) {
        throw new Malformed("a name of more than %d directories".formatted(MAX_DEPTH));
      }
      path.append(path.isEmpty() ? "" : "/").append(part);
    }
    return path.toString();
  }

  private static long hex(byte[] header, int field) throws Malformed {
    long value = 0;
    for (int i = 6 + 8 * field; i < 14 + 8 * field; i++) {
      int digit = Character.digit((char) (header[i] & 0xff), 16);
      if (digit < 0) {
        throw new Malformed("a header field that is no hexadecimal number");
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private void skipPadding() throws IOException {
    int count = (int) (-position & 3);
    if (in.readNBytes(count).length < count) {
      throw new Malformed("the archive ends within its padding");
    }
    position += count;
  }

  public static String printable(String text) {
    String cut = text.length() > 80 ? text.substring(0, 80) + "…" : text;
    return "\"" + cut.replaceAll("[^\\x20-\\x7e…]", "?") + "\"";
  }

  /** One entry's bytes. */
  private final class Content extends InputStream {
    private long left;

    Content(long size) {
      left = size;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (left == 0) {
        return -1;
      }
      int count = in.read(target, offset, (int) Math.min(length, left));
      if (count < 0) {
        throw new Malformed("the archive ends within a file's content");
      }
      left -= count;
      position += count;
      return count;
    }

    void skipRest() throws IOException {
      while (left > 0) {
        if (read(scratch, 0, scratch.length) < 0) {
          return;
        }
      }
    }
  }
}
