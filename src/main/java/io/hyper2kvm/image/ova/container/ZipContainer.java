package io.hyper2kvm.image.ova.container;

import io.hyper2kvm.text.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.ZipMethod;

/**
 * A zip archive with an OVF description and its disks, or a disk. Members are unpacked, also those
 * that are only stored.
 */
public final class ZipContainer extends ArchiveContainer {

  private final Path archive;
  private final ZipFile zip;
  private final Map<String, ZipArchiveEntry> entries;

  private ZipContainer(
      Path archive, ZipFile zip, Map<String, ZipArchiveEntry> entries, List<Member> members) {
    super(members);
    this.archive = archive;
    this.zip = zip;
    this.entries = entries;
  }

  /** Opens an archive that the caller found to be a regular file. */
  public static ZipContainer open(Path archive) throws IOException {
    ZipDirectory.check(archive);
    ZipFile zip;
    try {
      zip = ZipFile.builder().setPath(archive).setIgnoreLocalFileHeader(true).get();
    } catch (IOException | RuntimeException e) {
      throw ArchiveRefusals.undecodable(archive, "the zip archive", e);
    }
    try {
      Map<String, ZipArchiveEntry> entries = new HashMap<>();
      return new ZipContainer(archive, zip, entries, list(archive, zip, entries));
    } catch (RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  private static List<Member> list(
      Path archive, ZipFile zip, Map<String, ZipArchiveEntry> entries) {
    List<Member> members = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
      String name = entry.getName();
      MemberName.problem(name)
          .ifPresent(
              problem -> {
                throw ArchiveRefusals.unsafe(archive, name, problem);
              });
      if (entry.isUnixSymlink()) {
        throw ArchiveRefusals.unsafe(archive, name, "is a symbolic link");
      }
      if (seen.size() >= Limits.ENTRIES) {
        throw ArchiveRefusals.tooLarge(
            archive, "the archive has more than %d entries".formatted(Limits.ENTRIES));
      }
      String normal = MemberName.normal(name);
      if (!seen.add(normal)) {
        throw ArchiveRefusals.unsafe(archive, name, "stands in it twice");
      }
      if (entry.isDirectory()) {
        continue;
      }
      if (normal.isEmpty() || entry.getSize() < 0) {
        throw ArchiveRefusals.unsafe(archive, name, "is a file without a name or a size");
      }
      entries.put(normal, entry);
      members.add(new Member(normal, archive, 0, entry.getSize()));
    }
    return members;
  }

  @Override
  public String kind() {
    return "zip";
  }

  @Override
  public boolean inPlace() {
    return false;
  }

  @Override
  public InputStream open(Member member) throws IOException {
    ZipArchiveEntry entry = entries.get(member.name());
    int method = entry.getMethod();
    boolean known = method == ZipMethod.STORED.getCode() || method == ZipMethod.DEFLATED.getCode();
    if (entry.getGeneralPurposeBit().usesEncryption() || !known) {
      throw ArchiveRefusals.unsupported(
          archive,
          "the entry \"%s\" is %s"
              .formatted(
                  Printable.of(member.name()),
                  known ? "encrypted" : "compressed by method " + method),
          "Pack it again, stored or deflated and without a password, or unpack it to a folder.");
    }
    try {
      return new ExactStream(zip.getInputStream(entry), entry.getCrc());
    } catch (IOException | RuntimeException e) {
      throw ArchiveRefusals.undecodable(archive, member.name(), e);
    }
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }

  /** An entry's content; another length or CRC than the directory says is a refusal. */
  private final class ExactStream extends InputStream {
    private final CheckedInputStream in;
    private final long crc;

    ExactStream(InputStream in, long crc) {
      this.in = new CheckedInputStream(in, new CRC32());
      this.crc = crc;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n;
      try {
        n = in.read(buffer, offset, length);
      } catch (IOException | RuntimeException e) {
        throw ArchiveRefusals.undecodable(archive, "an entry of it", e);
      }
      if (n < 0 && in.getChecksum().getValue() != crc) {
        throw ArchiveRefusals.undecodable(archive, "an entry of it", new IOException("wrong CRC"));
      }
      return n;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
