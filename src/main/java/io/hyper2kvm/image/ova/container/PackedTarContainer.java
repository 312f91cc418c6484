package io.hyper2kvm.image.ova.container;

import io.hyper2kvm.image.ImageFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A compressed tar archive. It is unpacked once for its list, and again from the start whenever a
 * member is wanted that lies before the place reached, so members are best taken in their order.
 * Nothing of it is kept.
 */
public final class PackedTarContainer extends ArchiveContainer {

  private final Path archive;
  private final ImageFormat compression;
  private final long limit;
  private UnpackedStream stream;
  private long at;

  private PackedTarContainer(
      Path archive, ImageFormat compression, long limit, List<Member> members) {
    super(members);
    this.archive = archive;
    this.compression = compression;
    this.limit = limit;
  }

  /** Opens an archive that the caller found to be a regular file. */
  public static PackedTarContainer open(Path archive, ImageFormat compression) throws IOException {
    long limit = Limits.unpackedBytes(Files.size(archive));
    try (UnpackedStream stream = unpacked(archive, compression, limit)) {
      byte[] first = new byte[TarHeader.BLOCK];
      TarBlocks blocks = new TarBlocks(stream);
      if (blocks.read(first) < first.length
          || TarHeader.isZero(first)
          || !TarHeader.hasRightChecksum(first)) {
        throw ArchiveRefusals.unsupported(
            archive,
            "it is %s, and what is in it is no tar archive".formatted(compression.description()),
            "Unpack it first and name the disk in it.");
      }
      blocks.pushBack(first);
      return new PackedTarContainer(archive, compression, limit, TarIndex.read(archive, blocks));
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
}
