package io.hyper2kvm.image.appliance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An OVA as it is meant: a plain tar archive, whose members are read where they stand. */
final class TarContainer implements Container {

  private final FileChannel channel;
  private final ListedMembers members;

  private TarContainer(FileChannel channel, ListedMembers members) {
    this.channel = channel;
    this.members = members;
  }

  /** Opens an archive that the caller found to be a regular file. */
  static TarContainer open(Path archive) throws IOException {
    FileChannel channel =
        FileChannel.open(archive, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    try {
      TarSource source = new ChannelSource(channel, channel.size());
      return new TarContainer(channel, new ListedMembers(TarIndex.read(archive, source)));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public String kind() {
    return "tar";
  }

  @Override
  public boolean inPlace() {
    return true;
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
  public InputStream open(Member member) {
    return new FilePart(channel, member.offset(), member.size());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static final class ChannelSource implements TarSource {
    private final FileChannel channel;
    private final long size;
    private long at;

    ChannelSource(FileChannel channel, long size) {
      this.channel = channel;
      this.size = size;
    }

    @Override
    public int read(byte[] block) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(block);
      while (buffer.hasRemaining()) {
        int n = channel.read(buffer, at);
        if (n < 0) {
          break;
        }
        at += n;
      }
      return buffer.position();
    }

    @Override
    public boolean skip(long bytes) {
      boolean there = bytes <= size - at;
      at = there ? at + bytes : size;
      return there;
    }

    @Override
    public long position() {
      return at;
    }
  }
}
