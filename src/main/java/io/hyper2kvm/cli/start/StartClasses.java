package io.hyper2kvm.cli.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The classes that a daemon's start needs, loaded from the archive of classes by a thread of its
 * own, ahead of their use: finding some five thousand of them is a quarter of what the start's one
 * thread would have to do. None is initialized, so nothing runs earlier than it did.
 */
public final class StartClasses {

  private StartClasses() {}

  /**
   * Begins to load what {@code hyper2kvm-archive} has listed beside an archive.
   *
   * @param archive the archive, or a link to it; null for none: then there is no list either
   */
  public static void begin(String archive) {
    if (archive == null) {
      return;
    }
    Thread loading =
        new Thread(
            () -> load(Path.of(archive), StartClasses.class.getClassLoader()), "start-classes");
    // The daemon does not need it.
    loading.setDaemon(true);
    loading.start();
  }

  /** Loads what there is of the list; without one, nothing. */
  static void load(Path archive, ClassLoader loader) {
    List<String> names;
    try {
      Path file = archive.toRealPath();
      names = Files.readAllLines(file.resolveSibling(file.getFileName() + ".classes"));
    } catch (IOException e) {
      return; // It only saves time.
    }
    for (String name : names) {
      try {
        Class.forName(name, false, loader);
      } catch (ClassNotFoundException | LinkageError e) {
        // Whoever needs it will say so.
      }
    }
  }
}
