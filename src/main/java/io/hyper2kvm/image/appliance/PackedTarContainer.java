package io.hyper2kvm.image.appliance;

import io.hyper2kvm.image.ImageFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A compressed tar archive. It is unpacked once for its list, and again from the start whenever a
 * member is wanted that lies before the place reached, so members are best taken in their order.
 * Nothing of it is kept.
 */
final class PackedTarContainer implements Container {

  private final Path archive;
  private final ImageFormat compression;
  private final long limit;
  private final ListedMembers members;
  private UnpackedStream stream;
  private long at;

  private PackedTarContainer(
      Path archive, ImageFormat compression, long limit, List<Member> members) {
    this.archive = archive;
    this.compression = compression;
    this.limit = limit;
    this.members = new ListedMembers(members);
  }

  /** Opens an archive that the caller found to be a regular file. */
  static PackedTarContainer open(Path archive, ImageFormat compression) throws IOException {
    long limit = Limits.unpackedBytes(Files.size(archive));
    try (UnpackedStream stream = unpacked(archive, compression, limit)) {
      byte[] first = new byte[TarHeader.BLOCK];
      StreamSource source = new StreamSource(stream);
      if (source.read(first) < first.length
          || TarHeader.isZero(first)
          || !TarHeader.hasRightChecksum(first)) {
        throw Refusals.unsupported(
            archive,
            "it is %s, and what is in it is no tar archive".formatted(compression.description()),
            "Unpack it first and name the disk in it.");
      }
      source.pushBack(first);
      return new PackedTarContainer(archive, compression, limit, TarIndex.read(archive, source));
    }
  }

  private static UnpackedStream unpacked(Path archive, ImageFormat compression, long limit)
      throws IOException {
    InputStream packed = Files.newInputStream(archive, LinkOption.NOFOLLOW_LINKS);
    try {
      return UnpackedStream.of(compression, packed, archive, "the archive", limit);
    } catch (IOException | RuntimeException e) {
      packed.close();
      throw e;
    }
  }

  @Override
  public String kind() {
    return "tar." + (compression == ImageFormat.GZIP ? "gz" : extension());
  }

  private String extension() {
    return switch (compression) {
      case ZSTD -> "zst";
      case BZIP2 -> "bz2";
      default -> compression.name().toLowerCase(Locale.ROOT);
    };
  }

  @Override
  public boolean inPlace() {
    return false;
  }

  @Override
  public boolean isOneAppliance() {
    return true;
  }

  @Override
  public Optional<Member> find(String name) {
    return members.find(name);
  }

  @Override
  public List<Member> in(String folder) {
    return members.in(folder);
  }

  @Override
  public List<Member> descriptions() {
    return members.descriptions();
  }

  List<Member> all() {
    return members.all();
  }

  @Override
  public InputStream open(Member member) throws IOException {
    if (stream == null || at > member.offset()) {
      close();
      stream = unpacked(archive, compression, limit);
      at = 0;
    }
    at += stream.skip(member.offset() - at);
    return new MemberStream(member.size());
  }

  @Override
  public void close() throws IOException {
    if (stream != null) {
      stream.close();
      stream = null;
    }
  }

  /** One member's content, read from the common stream. */
  private final class MemberStream extends InputStream {
    private final UnpackedStream opened = stream;
    private long left;

    MemberStream(long size) {
      left = size;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (opened != stream) {
        throw new IOException("another member was opened since");
      }
      if (left == 0) {
        return -1;
      }
      int n = stream.read(buffer, offset, (int) Math.min(length, left));
      at += Math.max(n, 0);
      left -= Math.max(n, 0);
      return n;
    }
  }

  private static final class StreamSource implements TarSource {
    private final UnpackedStream stream;
    private byte[] pushedBack;
    private long at;

    StreamSource(UnpackedStream stream) {
      this.stream = stream;
    }

    /** The next read gives these bytes again. */
    void pushBack(byte[] block) {
      pushedBack = block.clone();
      at -= block.length;
    }

    @Override
    public int read(byte[] block) throws IOException {
      int n;
      if (pushedBack != null) {
        System.arraycopy(pushedBack, 0, block, 0, block.length);
        pushedBack = null;
        n = block.length;
      } else {
        n = stream.readNBytes(block, 0, block.length);
      }
      at += n;
      return n;
    }

    @Override
    public boolean skip(long bytes) throws IOException {
      long skipped = stream.skip(bytes);
      at += skipped;
      return skipped == bytes;
    }

    @Override
    public long position() {
      return at;
    }
  }
}
