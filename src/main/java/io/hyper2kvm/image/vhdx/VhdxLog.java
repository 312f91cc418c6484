package io.hyper2kvm.image.vhdx;

import io.hyper2kvm.image.ImageBytes;
import io.hyper2kvm.image.ImageRefusedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The log of a VHDX that was not closed cleanly: a ring of entries, each some sectors of 4 KiB that
 * belong elsewhere in the file. QEMU replays it; here is decided that there is one whole sequence
 * to replay, and that it writes no more, and no further out, than a log can mean.
 */
final class VhdxLog {

  private static final int SECTOR = 4096;
  private static final int HEADER = 64;
  private static final int DESCRIPTOR = 32;

  /** Hyper-V makes logs of 1 MiB. */
  private static final long LONGEST_LOG = 256L << 20;

  /** What a replay may write, in bytes. */
  private static final long MOST_WRITTEN = 256L << 20;

  /** How far a replay may extend the file: some blocks, the largest of which have 256 MiB. */
  private static final long MOST_EXTENDED = 1L << 30;

  /** Bytes read for checksums, as a multiple of the log's length: false entries may overlap. */
  private static final int MOST_READ_FACTOR = 16;

  private record Entry(long at, long length, long tail, long sequence, long descriptors) {}

  private final ImageBytes image;
  private final long start;
  private final long length;
  private final ByteBuffer id;
  private long read;
  private long written;

  private VhdxLog(ImageBytes image, long start, long length, ByteBuffer id) {
    this.image = image;
    this.start = start;
    this.length = length;
    this.id = id;
  }

  /**
   * Refuses a log that cannot be replayed.
   *
   * @param start where it stands, in bytes, within the image together with all of {@code length}
   * @param length in bytes, whole MiB
   * @param id the log's identifier in the current header, 16 bytes
   */
  static void check(ImageBytes image, long start, long length, ByteBuffer id) {
    if (length > LONGEST_LOG) {
      throw ImageRefusedException.tooLarge(
          image.path(), start, "a log of %d bytes".formatted(length));
    }
    new VhdxLog(image, start, length, id).check();
  }

  private void check() {
    for (Entry entry : activeSequence()) {
      checkWrites(entry);
    }
  }

  /** The newest run of entries that is there from its tail to its head. */
  private List<Entry> activeSequence() {
    Map<Long, Entry> entries = entries();
    List<Entry> heads = new ArrayList<>(entries.values());
    heads.sort(Comparator.comparingLong(Entry::sequence).reversed());
    for (Entry head : heads) {
      List<Entry> run = new ArrayList<>();
      Entry entry = entries.get(head.tail());
      while (entry != null && run.size() < entries.size()) {
        run.add(entry);
        if (entry.equals(head)) {
          return run;
        }
        Entry next = entries.get((entry.at() + entry.length()) % length);
        entry = next != null && next.sequence() == entry.sequence() + 1 ? next : null;
      }
    }
    throw ImageRefusedException.corrupt(
        image.path(),
        start,
        "it was not closed cleanly, and its log holds no whole sequence to replay");
  }

  private Map<Long, Entry> entries() {
    Map<Long, Entry> entries = new TreeMap<>();
    for (long at = 0; at < length; ) {
      Entry entry = entry(at);
      if (entry != null) {
        entries.put(at, entry);
      }
      at += entry == null ? SECTOR : entry.length();
    }
    return entries;
  }

  /** The entry at the offset, or null: most of a log is what earlier entries have left. */
  private Entry entry(long at) {
    ByteBuffer header = sector(at);
    Entry entry =
        new Entry(
            at,
            Integer.toUnsignedLong(header.getInt(8)),
            Integer.toUnsignedLong(header.getInt(12)),
            header.getLong(16),
            Integer.toUnsignedLong(header.getInt(24)));
    boolean sane =
        header.getInt(0) == 0x65676f6c // "loge"
            && entry.length() >= SECTOR
            && entry.length() <= length
            && entry.length() % SECTOR == 0
            && entry.tail() < length
            && entry.tail() % SECTOR == 0
            && entry.sequence() > 0
            && HEADER + entry.descriptors() * DESCRIPTOR <= entry.length()
            && header.slice(32, 16).equals(id);
    return sane && checksumRight(entry, header.getInt(4)) ? entry : null;
  }

  private boolean checksumRight(Entry entry, int wanted) {
    read += entry.length();
    if (read > length * MOST_READ_FACTOR) {
      throw ImageRefusedException.corrupt(image.path(), start, "its log's entries overlap");
    }
    CRC32C crc = new CRC32C();
    for (long done = 0; done < entry.length(); done += SECTOR) {
      ByteBuffer sector = sector((entry.at() + done) % length);
      if (done == 0) {
        sector.putInt(4, 0);
      }
      crc.update(sector);
    }
    return (int) crc.getValue() == wanted;
  }

  private ByteBuffer sector(long at) {
    return image.little(start + at, SECTOR, "the log").order(ByteOrder.LITTLE_ENDIAN);
  }

  private void checkWrites(Entry entry) {
    ByteBuffer header = sector(entry.at());
    long end = header.getLong(56);
    if (header.getLong(48) < 0 || header.getLong(48) > image.size()) {
      throw ImageRefusedException.truncated(
          image.path(), "what its log was written on", header.getLong(48), image.size());
    }
    if (end < 0 || end > image.size() + MOST_EXTENDED) {
      throw corrupt(entry, "makes the file %s bytes long".formatted(Long.toUnsignedString(end)));
    }
    end = Math.max(end, image.size());
    ByteBuffer sector = header;
    long data = 0;
    for (long i = 0; i < entry.descriptors(); i++) {
      long at = HEADER + i * DESCRIPTOR;
      if (at % SECTOR == 0) {
        sector = sector((entry.at() + at) % length);
      }
      ByteBuffer descriptor = sector.slice((int) (at % SECTOR), DESCRIPTOR);
      checkDescriptor(entry, descriptor, end);
      data += descriptor.get(0) == 'd' ? 1 : 0;
    }
    long described = HEADER + entry.descriptors() * DESCRIPTOR;
    if ((described + SECTOR - 1) / SECTOR + data > entry.length() / SECTOR) {
      throw corrupt(entry, "is too short for its %d sectors of data".formatted(data));
    }
  }

  private void checkDescriptor(Entry entry, ByteBuffer slice, long end) {
    ByteBuffer descriptor = slice.order(ByteOrder.LITTLE_ENDIAN);
    long size =
        switch (descriptor.getInt(0)) {
          case 0x63736564 -> SECTOR; // "desc"
          case 0x6f72657a -> descriptor.getLong(8); // "zero"
          default -> throw corrupt(entry, "has a descriptor of no known kind");
        };
    long offset = descriptor.getLong(16);
    boolean sane =
        size >= 0
            && size % SECTOR == 0
            && offset >= 0
            && offset % SECTOR == 0
            && offset <= end
            && size <= end - offset
            && descriptor.getLong(24) == entry.sequence();
    if (!sane) {
      throw corrupt(
          entry,
          "writes %s bytes at %s"
              .formatted(Long.toUnsignedString(size), Long.toUnsignedString(offset)));
    }
    written += size;
    if (written > MOST_WRITTEN) {
      throw ImageRefusedException.tooLarge(
          image.path(), start, "its log writes more than %d bytes".formatted(MOST_WRITTEN));
    }
  }

  private ImageRefusedException corrupt(Entry entry, String found) {
    return ImageRefusedException.corrupt(
        image.path(), start + entry.at(), "an entry of its log " + found);
  }
}
