package io.hyper2kvm.guest.initramfs.archive;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The tree that the kernel's unpacker would make: an entry without its directory is lost, an entry
 * of another type replaces what is there (a directory only if it is empty), and a path that leads
 * through a symbolic link ends where the link points.
 */
public final class RootfsTree {

  private static final int MAX_LINKS = 40;

  /** The kernel's own built-in initramfs makes these before any other is unpacked. */
  private static final Set<String> BUILT_IN = Set.of("", "dev", "root");

  private final TreeMap<String, InitramfsEntry> entries = new TreeMap<>();

  public TreeMap<String, InitramfsEntry> entries() {
    return entries;
  }

  /**
   * Adds an entry as the unpacker would.
   *
   * @return the path where it really came to be; empty if the kernel would drop it
   */
  Optional<String> add(String path, int mode, long size, String linkTarget) {
    Optional<String> real = realPath(path);
    if (real.isEmpty()) {
      return Optional.empty();
    }
    String key = real.get();
    int type = mode & InitramfsEntry.TYPE_MASK;
    if (key.equals("dev") && type != InitramfsEntry.DIRECTORY) {
      return Optional.empty(); // the built-in one is not empty: it holds the console
    }
    InitramfsEntry old = entries.get(key);
    if (old != null && old.isDirectory() && type != InitramfsEntry.DIRECTORY && hasChildren(key)) {
      return Optional.empty();
    }
    entries.put(key, new InitramfsEntry(key, mode, size, linkTarget));
    return real;
  }

  /** Where an entry of this path would come to be: its directory resolved, its last name kept. */
  Optional<String> realPath(String path) {
    int slash = path.lastIndexOf('/');
    if (slash < 0) {
      return Optional.of(path);
    }
    String name = path.substring(slash);
    return resolve(path.substring(0, slash))
        .filter(this::isDirectory)
        .map(parent -> parent.isEmpty() ? name.substring(1) : parent + name);
  }

  public boolean isDirectory(String realPath) {
    InitramfsEntry entry = entries.get(realPath);
    return entry == null ? BUILT_IN.contains(realPath) : entry.isDirectory();
  }

  /**
   * Follows every symbolic link of a path, the last component's too.
   *
   * @return the path of something that exists; empty if there is no such thing
   */
  public Optional<String> resolve(String path) {
    return follow(path, true);
  }

  /** As {@link #resolve}, but components that do not exist are taken as they stand. */
  public Optional<String> resolveMissing(String path) {
    return follow(path, false);
  }

  private Optional<String> follow(String path, boolean mustExist) {
    var left = new ArrayDeque<>(Arrays.asList(path.split("/")));
    String real = "";
    int links = 0;
    while (!left.isEmpty()) {
      String name = left.pop();
      if (name.isEmpty() || name.equals(".")) {
        continue;
      }
      if (name.equals("..")) {
        real = real.substring(0, Math.max(0, real.lastIndexOf('/')));
        continue;
      }
      String at = real.isEmpty() ? name : real + "/" + name;
      InitramfsEntry entry = entries.get(at);
      if (entry != null && entry.isSymlink()) {
        if (++links > MAX_LINKS) {
          return Optional.empty();
        }
        if (entry.linkTarget().startsWith("/")) {
          real = "";
        }
        String[] target = entry.linkTarget().split("/");
        for (int i = target.length - 1; i >= 0; i--) {
          left.push(target[i]);
        }
        continue;
      }
      if (entry == null && mustExist && !BUILT_IN.contains(at)) {
        return Optional.empty();
      }
      if (entry != null && !entry.isDirectory() && !left.isEmpty()) {
        return Optional.empty();
      }
      real = at;
    }
    return Optional.of(real);
  }

  private boolean hasChildren(String directory) {
    String next = entries.higherKey(directory + "/");
    return next != null && next.startsWith(directory + "/");
  }
}
