package io.hyper2kvm.image.ova.container;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;

/** An OVA as it is meant: a plain tar archive, whose members are read where they stand. */
public final class TarContainer extends ArchiveContainer {

  private final FileChannel channel;

  private TarContainer(FileChannel channel, List<Member> members) {
    super(members);
    this.channel = channel;
  }

  /** Opens an archive that the caller found to be a regular file. */
  public static TarContainer open(Path archive) throws IOException {
    FileChannel channel =
        FileChannel.open(archive, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    try {
      TarBlocks blocks = new TarBlocks(new FilePart(channel, 0, channel.size()));
      return new TarContainer(channel, TarIndex.read(archive, blocks));
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
  public InputStream open(Member member) {
    return new FilePart(channel, member.offset(), member.size());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
