package io.hyper2kvm.image.ova.container;

import io.hyper2kvm.text.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Lists a tar archive by its headers: ustar, GNU long names, and POSIX.1-2001 (pax) extended
 * headers for names and sizes. Whatever two programs could read differently is refused: links,
 * devices, sparse entries, names that climb out, names that stand there twice.
 */
final class TarIndex {

  private static final Map<Character, String> REFUSED =
      Map.of(
          '1', "is a hard link",
          '2', "is a symbolic link",
          '3', "is a character device",
          '4', "is a block device",
          '6', "is a named pipe",
          'S', "is a sparse entry of GNU tar",
          'M', "continues a file of another volume");

  private final Path archive;
  private final TarBlocks blocks;
  private final List<Member> members = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Map<String, String> pax = new HashMap<>();
  private Optional<String> longName = Optional.empty();
  private int entries;
  private int headerBytes;

  private TarIndex(Path archive, TarBlocks blocks) {
    this.archive = archive;
    this.blocks = blocks;
  }

  /** The archive's regular files in their order. */
  static List<Member> read(Path archive, TarBlocks blocks) throws IOException {
    return new TarIndex(archive, blocks).read();
  }

  private List<Member> read() throws IOException {
    byte[] block = new byte[TarHeader.BLOCK];
    while (true) {
      long at = blocks.position();
      int length = blocks.read(block);
      if (length == 0 || (length == block.length && TarHeader.isZero(block))) {
        if (longName.isPresent() || !pax.isEmpty()) {
          throw ArchiveRefusals.corrupt(archive, at, "the archive ends after an extended header");
        }
        return members;
      }
      if (length < block.length) {
        throw ArchiveRefusals.corrupt(archive, at, "the archive ends within a header");
      }
      if (!TarHeader.hasRightChecksum(block)) {
        throw ArchiveRefusals.corrupt(archive, at, "the header's own checksum is wrong");
      }
      if (++entries > Limits.ENTRIES) {
        throw ArchiveRefusals.tooLarge(
            archive, "the archive has more than %d entries".formatted(Limits.ENTRIES));
      }
      entry(TarHeader.parse(block), at);
    }
  }

  private void entry(TarHeader header, long at) throws IOException {
    switch (header.type()) {
      case 'L' -> longName = Optional.of(TarHeader.text(payload(header, at)));
      case 'K' -> payload(header, at); // The name of a link's target; the link itself is refused.
      case 'x' -> paxRecords(payload(header, at), at);
      // Names and sizes for all that follow make no sense, and the other keys do not matter here.
      case 'g' -> refuseGlobals(payload(header, at), at);
      default -> file(header, at);
    }
  }

  private void file(TarHeader header, long at) throws IOException {
    String name = pax.getOrDefault("path", longName.orElse(header.name()));
    long size = size(header, at);
    pax.clear();
    longName = Optional.empty();
    MemberName.problem(name)
        .ifPresent(
            problem -> {
              throw ArchiveRefusals.unsafe(archive, name, problem);
            });
    char type = header.type();
    if (REFUSED.containsKey(type)) {
      throw ArchiveRefusals.unsafe(archive, name, REFUSED.get(type));
    }
    boolean folder = type == '5' || (type == '\0' && name.endsWith("/"));
    boolean regular = type == '0' || type == '\0' || type == '7';
    String normal = MemberName.normal(name);
    if (folder) {
      if (size != 0) {
        throw ArchiveRefusals.unsafe(archive, name, "is a folder with data");
      }
    } else if (!regular && type != 'V') {
      throw ArchiveRefusals.unsafe(
          archive, name, "is of the unknown type '%s'".formatted(shown(type)));
    } else if (regular) {
      if (normal.isEmpty() || name.endsWith("/")) {
        throw ArchiveRefusals.unsafe(archive, name, "is a file without a name");
      }
      if (!names.add(normal)) {
        throw ArchiveRefusals.unsafe(archive, name, "stands in it twice");
      }
      members.add(new Member(normal, archive, blocks.position(), size));
    }
    skip(size, name, at);
  }

  private static String shown(char type) {
    return type > ' ' && type < 0x7f ? String.valueOf(type) : "\\%03o".formatted((int) type);
  }

  private long size(TarHeader header, long at) {
    if (pax.containsKey("size")) {
      String digits = pax.get("size");
      if (!digits.matches("[0-9]{1,18}")) {
        throw ArchiveRefusals.corrupt(archive, at, "an extended header's size is no number");
      }
      return Long.parseLong(digits);
    }
    OptionalLong size = header.size();
    if (size.isEmpty() || size.getAsLong() > Long.MAX_VALUE - blocks.position() - 1024) {
      throw ArchiveRefusals.corrupt(archive, at, "the header's size is no number, or no file's");
    }
    return size.getAsLong();
  }

  private void skip(long size, String name, long at) throws IOException {
    long padding = (TarHeader.BLOCK - size % TarHeader.BLOCK) % TarHeader.BLOCK;
    // Only the padding of the last entry may be missing: no reader needs it.
    if (!blocks.skip(size)) {
      throw ArchiveRefusals.corrupt(
          archive,
          at,
          "the archive ends within \"%s\", which has %d bytes".formatted(Printable.of(name), size));
    }
    blocks.skip(padding);
  }

  private byte[] payload(TarHeader header, long at) throws IOException {
    long size =
        header
            .size()
            .orElseThrow(() -> ArchiveRefusals.corrupt(archive, at, "the size is no number"));
    if (size > Limits.ONE_HEADER_BYTES || headerBytes + size > Limits.HEADER_BYTES) {
      throw ArchiveRefusals.tooLarge(
          archive, "an extended header of %d bytes at offset %d".formatted(size, at));
    }
    headerBytes += (int) size;
    byte[] payload = new byte[(int) size];
    if (blocks.read(payload) < payload.length) {
      throw ArchiveRefusals.corrupt(archive, at, "the archive ends within an extended header");
    }
    blocks.skip((TarHeader.BLOCK - size % TarHeader.BLOCK) % TarHeader.BLOCK);
    return payload;
  }

  private void refuseGlobals(byte[] payload, long at) {
    Map<String, String> before = Map.copyOf(pax);
    pax.clear();
    paxRecords(payload, at);
    if (pax.containsKey("path") || pax.containsKey("size")) {
      throw ArchiveRefusals.corrupt(archive, at, "a global header names a path or a size");
    }
    pax.clear();
    pax.putAll(before);
  }

  /** Each record is its own length, a blank, a key, {@code =}, a value and a line end. */
  private void paxRecords(byte[] payload, long at) {
    int start = 0;
    while (start < payload.length && payload[start] != 0) {
      int blank = start;
      while (blank < payload.length && payload[blank] >= '0' && payload[blank] <= '9') {
        blank++;
      }
      boolean framed =
          blank > start && blank - start <= 7 && blank < payload.length && payload[blank] == ' ';
      int length =
          framed
              ? Integer.parseInt(
                  new String(payload, start, blank - start, StandardCharsets.ISO_8859_1))
              : 0;
      int end = start + length;
      if (length <= blank - start + 1 || end > payload.length || payload[end - 1] != '\n') {
        throw ArchiveRefusals.corrupt(archive, at, "an extended header's record is broken");
      }
      String record = new String(payload, blank + 1, end - blank - 2, StandardCharsets.UTF_8);
      int equals = record.indexOf('=');
      if (equals < 1) {
        throw ArchiveRefusals.corrupt(archive, at, "an extended header's record has no key");
      }
      keep(record.substring(0, equals), record.substring(equals + 1), at);
      start = end;
    }
  }

  private void keep(String key, String value, long at) {
    if (key.startsWith("GNU.sparse.")) {
      throw ArchiveRefusals.unsafe(archive, "at offset " + at, "is a sparse entry of GNU tar");
    }
    if (key.equals("path") || key.equals("size")) {
      pax.put(key, value);
    }
  }
}
