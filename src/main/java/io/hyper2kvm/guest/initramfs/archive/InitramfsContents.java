package io.hyper2kvm.guest.initramfs.archive;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What an initramfs holds once the kernel has unpacked all of its segments. Names are one character
 * per byte, so that any name can be told apart and written back.
 */
public final class InitramfsContents {

  private final RootfsTree tree;
  private final Map<String, byte[]> files;
  private final List<Segment> segments;
  private final long length;

  InitramfsContents(
      RootfsTree tree, Map<String, byte[]> files, List<Segment> segments, long length) {
    this.tree = tree;
    this.files = new HashMap<>(files);
    this.segments = List.copyOf(segments);
    this.length = length;
  }

  /** The entry to which a path leads, symbolic links followed; a leading slash does not matter. */
  public Optional<InitramfsEntry> find(String path) {
    return tree.resolve(path).map(tree.entries()::get);
  }

  /** The content of a kept file; empty if there is no such file or it was not to be kept. */
  public Optional<byte[]> content(String path) {
    return tree.resolve(path).map(files::get).map(byte[]::clone);
  }

  /** As {@link #content}, as UTF-8 text. */
  public Optional<String> text(String path) {
    return tree.resolve(path).map(files::get).map(b -> new String(b, StandardCharsets.UTF_8));
  }

  /** The real paths of all kept files. */
  public SortedSet<String> keptFiles() {
    return new TreeSet<>(files.keySet());
  }

  /** Who made it. */
  public InitramfsGenerator generator() {
    return InitramfsGenerator.of(tree.entries());
  }

  /** The file's stretches in order; never empty. */
  public List<Segment> segments() {
    return segments;
  }

  /** The file's length, in bytes. */
  public long length() {
    return length;
  }

  /**
   * Whether the real root lies in a squashfs image inside (dracut's squash module): then the list
   * does not show what is there, and nothing can be said about its modules.
   */
  public boolean isSquashed() {
    return find("squash-root.img").isPresent()
        || find("squash/root.img").isPresent()
        || find("squashfs-root.img").isPresent()
        || find("erofs-root.img").isPresent();
  }

  /** Everything, by real path: symbolic links in the directories are followed. */
  public RootfsTree tree() {
    return tree;
  }
}
