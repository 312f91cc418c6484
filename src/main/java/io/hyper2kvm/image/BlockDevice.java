package io.hyper2kvm.image;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;

/** Block devices, as far as a source can be one. */
public final class BlockDevice {

  private static final Path DEVICES = Path.of("/dev");
  private static final int FILE_TYPE = 0xf000;
  private static final int BLOCK = 0x6000;

  private BlockDevice() {}

  /** Whether a block device itself stands under the name; links are not followed. */
  public static boolean isOne(Path path) throws IOException {
    // Decided before anything is opened: to open a pipe may wait for ever.
    int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    return (mode & FILE_TYPE) == BLOCK;
  }

  /**
   * The block device that a name below {@code /dev} leads to, such as that of a logical volume,
   * whose name is a link to {@code /dev/dm-3}. The links there are the system's own. Empty when it
   * leads to none, or out of {@code /dev}.
   */
  public static Optional<Path> behind(Path name) {
    if (!name.startsWith(DEVICES) || !name.equals(name.normalize())) {
      return Optional.empty();
    }
    try {
      Path real = name.toRealPath();
      return real.startsWith(DEVICES) && isOne(real) ? Optional.of(real) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // What is wrong is said by whoever looks at it as a file.
    }
  }

  /** The device's size in bytes. */
  public static long size(Path device) throws IOException {
    try (FileChannel channel = open(device)) {
      return channel.size();
    }
  }

  /** Opens it for reading. */
  public static FileChannel open(Path device) throws IOException {
    return FileChannel.open(device, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
  }
}
