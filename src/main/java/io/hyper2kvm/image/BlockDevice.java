package io.hyper2kvm.image;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Block devices, as far as a source can be one. */
public final class BlockDevice {

  private static final Path DEVICES = Path.of("/dev");
  private static final int FILE_TYPE = 0xf000;
  private static final int BLOCK = 0x6000;
  private static final int FOLDER = 0x4000;

  /** The right of the group and of all others to write. */
  private static final int OTHERS_WRITE = 022;

  /** As many as the kernel follows. */
  private static final int MOST_LINKS = 40;

  private BlockDevice() {}

  /** Whether a block device itself stands under the name; links are not followed. */
  public static boolean isOne(Path path) throws IOException {
    // Decided before anything is opened: to open a pipe may wait for ever.
    int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    return (mode & FILE_TYPE) == BLOCK;
  }

  /**
   * The block device that a name below {@code /dev} leads to, such as that of a logical volume,
   * whose name is a link to {@code /dev/dm-3}. Empty when it leads to none, out of {@code /dev}, or
   * through a folder in which another user than root may make files or links: {@code /dev/shm},
   * {@code /dev/mqueue}. So nobody but root can put another file in the device's place.
   */
  public static Optional<Path> behind(Path name) {
    if (!name.startsWith(DEVICES) || !name.equals(name.normalize())) {
      return Optional.empty();
    }
    try {
      return followed(name);
    } catch (IOException e) {
      return Optional.empty(); // What is wrong is said by whoever looks at it as a file.
    }
  }

  /** Follows the links one by one, since each folder on the way counts, also that of a link. */
  private static Optional<Path> followed(Path name) throws IOException {
    Deque<Path> rest = new ArrayDeque<>();
    name.forEach(rest::add);
    Path place = name.getRoot();
    int links = 0;
    while (!rest.isEmpty()) {
      if (!place.equals(place.getRoot()) && !(place.startsWith(DEVICES) && isRootsAlone(place))) {
        return Optional.empty();
      }
      Path next = place.resolve(rest.pop()).normalize();
      if (!Files.isSymbolicLink(next)) {
        place = next;
        continue;
      }
      if (++links > MOST_LINKS) {
        return Optional.empty();
      }
      Path target = Files.readSymbolicLink(next);
      List<Path> steps = new ArrayList<>();
      target.forEach(steps::add);
      Collections.reverse(steps);
      steps.forEach(rest::push);
      place = target.isAbsolute() ? target.getRoot() : place;
    }
    return place.startsWith(DEVICES) && isOne(place) ? Optional.of(place) : Optional.empty();
  }

  /** Whether it is a folder in which only root can make, rename and remove entries. */
  private static boolean isRootsAlone(Path folder) throws IOException {
    Map<String, Object> now =
        Files.readAttributes(folder, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
    int mode = (Integer) now.get("mode");
    return (mode & FILE_TYPE) == FOLDER && now.get("uid").equals(0) && (mode & OTHERS_WRITE) == 0;
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
