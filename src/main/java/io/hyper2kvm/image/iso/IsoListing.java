package io.hyper2kvm.image.iso;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The names of the files in an ISO 9660 image (ECMA-119), as Linux shows them: by the extension
 * Joliet, else by Rock Ridge, else in the plain form without version numbers. Bounded, whatever the
 * image holds.
 */
public final class IsoListing {

  private static final int SECTOR = 2048;
  private static final int FIRST_DESCRIPTOR = 16;
  private static final int MOST_DESCRIPTORS = 32;
  private static final int MOST_ENTRIES = 100_000;
  private static final int MOST_FOLDER_BYTES = 4 << 20;
  private static final long MOST_BYTES = 64L << 20;
  private static final int MOST_DEPTH = 32;
  private static final int PRIMARY = 1;
  private static final int SUPPLEMENTARY = 2;
  private static final int TERMINATOR = 255;
  private static final int ROOT = 156;
  private static final int FOLDER_FLAG = 2;

  private record Folder(String path, long sector, int bytes, int depth) {}

  private final FileChannel image;
  private final boolean joliet;
  private final List<String> files = new ArrayList<>();
  private final Set<Long> seen = new HashSet<>();
  private long bytesRead;

  private IsoListing(FileChannel image, boolean joliet) {
    this.image = image;
    this.joliet = joliet;
  }

  /**
   * Lists an image.
   *
   * @return the paths of its files with slashes, without one before the first name
   * @throws IOException when it cannot be read, is no such image, or contradicts itself
   */
  public static List<String> of(Path file) throws IOException {
    try (FileChannel image = FileChannel.open(file, StandardOpenOption.READ)) {
      Optional<ByteBuffer> root = Optional.empty();
      boolean joliet = false;
      for (int number = 0; number < MOST_DESCRIPTORS; number++) {
        ByteBuffer descriptor = read(image, FIRST_DESCRIPTOR + number, SECTOR);
        if (!ascii(descriptor, 1, 5).equals("CD001")) {
          break;
        }
        int type = descriptor.get(0) & 0xff;
        if (type == TERMINATOR) {
          break;
        }
        if (type == PRIMARY && root.isEmpty()) {
          root = Optional.of(descriptor);
        } else if (type == SUPPLEMENTARY && isJoliet(descriptor)) {
          root = Optional.of(descriptor);
          joliet = true;
        }
      }
      if (root.isEmpty()) {
        throw new IOException("no ISO 9660 image: " + file);
      }
      IsoListing listing = new IsoListing(image, joliet);
      listing.walk(folder("", root.get(), ROOT, 0));
      return listing.files;
    }
  }

  private static boolean isJoliet(ByteBuffer descriptor) {
    return ascii(descriptor, 88, 2).equals("%/") && "@CE".indexOf(descriptor.get(90)) >= 0;
  }

  private void walk(Folder root) throws IOException {
    Deque<Folder> folders = new ArrayDeque<>(List.of(root));
    while (!folders.isEmpty()) {
      Folder folder = folders.removeFirst();
      if (folder.depth() > MOST_DEPTH || !seen.add(folder.sector())) {
        throw new IOException("folders of the ISO lie in each other: " + folder.path());
      }
      bytesRead += folder.bytes();
      if (bytesRead > MOST_BYTES) {
        throw new IOException(
            "the folders of the ISO have more than %d bytes".formatted(MOST_BYTES));
      }
      ByteBuffer records = read(image, folder.sector(), folder.bytes());
      int at = 0;
      while (at < records.limit()) {
        int length = records.get(at) & 0xff;
        if (length == 0) {
          at = (at / SECTOR + 1) * SECTOR; // A record lies in one sector.
          continue;
        }
        if (length < 34 || at + length > records.limit()) {
          throw new IOException("a record of the ISO is cut off in " + folder.path());
        }
        entry(folder, records, at, length, folders);
        at += length;
      }
    }
  }

  private void entry(Folder folder, ByteBuffer records, int at, int length, Deque<Folder> folders)
      throws IOException {
    int nameLength = records.get(at + 32) & 0xff;
    if (33 + nameLength > length) {
      throw new IOException("a name of the ISO is cut off in " + folder.path());
    }
    if (nameLength == 1 && (records.get(at + 33) & 0xff) < 2) {
      return; // The folder itself, and the one above.
    }
    if (files.size() + folders.size() + seen.size() > MOST_ENTRIES) {
      throw new IOException("the ISO has more than %d files".formatted(MOST_ENTRIES));
    }
    String name = name(records, at, length, nameLength);
    if (name.isEmpty() || name.indexOf('/') >= 0) {
      throw new IOException("a name of the ISO is none in " + folder.path());
    }
    if ((records.get(at + 25) & FOLDER_FLAG) == 0) {
      files.add(folder.path() + name);
    } else {
      folders.addLast(folder(folder.path() + name + "/", records, at, folder.depth() + 1));
    }
  }

  private String name(ByteBuffer records, int at, int length, int nameLength) {
    byte[] bytes = new byte[nameLength];
    records.get(at + 33, bytes);
    String name = new String(bytes, joliet ? StandardCharsets.UTF_16BE : StandardCharsets.US_ASCII);
    if (!joliet) {
      String rockRidge =
          rockRidge(records, at + 33 + nameLength + (1 - nameLength % 2), at + length);
      if (!rockRidge.isEmpty()) {
        return rockRidge;
      }
    }
    int version = name.lastIndexOf(';');
    String plain = version < 0 ? name : name.substring(0, version);
    return plain.endsWith(".") ? plain.substring(0, plain.length() - 1) : plain;
  }

  /** The name of the fields {@code NM}; empty when there are none. */
  private static String rockRidge(ByteBuffer records, int from, int end) {
    StringBuilder name = new StringBuilder();
    int at = from;
    while (at + 4 <= end) {
      int length = records.get(at + 2) & 0xff;
      if (length < 4 || at + length > end) {
        break;
      }
      if (length > 5 && ascii(records, at, 2).equals("NM")) {
        name.append(ascii(records, at + 5, length - 5));
      }
      at += length;
    }
    return name.toString();
  }

  private static Folder folder(String path, ByteBuffer records, int at, int depth)
      throws IOException {
    long sector = records.getInt(at + 2) & 0xffffffffL;
    long bytes = records.getInt(at + 10) & 0xffffffffL;
    if (bytes > MOST_FOLDER_BYTES) {
      throw new IOException("a folder of the ISO has %d bytes: %s".formatted(bytes, path));
    }
    return new Folder(path, sector, (int) bytes, depth);
  }

  private static ByteBuffer read(FileChannel image, long sector, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (image.read(buffer, sector * SECTOR + buffer.position()) < 0) {
        throw new IOException("the ISO ends early, in sector " + sector);
      }
    }
    return buffer.flip();
  }

  private static String ascii(ByteBuffer bytes, int at, int length) {
    byte[] text = new byte[length];
    bytes.get(at, text);
    return new String(text, StandardCharsets.US_ASCII);
  }
}
