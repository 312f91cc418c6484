package io.hyper2kvm.cli.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The classes that a daemon's start needs, loaded by a thread of its own ahead of their use:
 * finding some five thousand of them is a quarter of what the start's one thread would have to do.
 * Except for log4j, none is initialized, so nothing runs earlier than it did.
 */
public final class StartClasses {

  private StartClasses() {}

  /**
   * Begins with what is to be loaded first, and loads then what {@code hyper2kvm-archive} has
   * listed beside an archive of classes.
   *
   * @param first loads log4j
   * @param archive the archive, or a link to it; empty for none: then there is no list either
   */
  public static void begin(Runnable first, Optional<Path> archive) {
    Thread loading =
        new Thread(
            () -> {
              first.run();
              archive.ifPresent(file -> load(file, StartClasses.class.getClassLoader()));
            },
            "start-classes");
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
