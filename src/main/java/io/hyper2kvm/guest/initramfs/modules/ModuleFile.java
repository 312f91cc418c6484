package io.hyper2kvm.guest.initramfs.modules;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A kernel module's file, as indexes and archives name it.
 *
 * @param path relative to {@code lib/modules/VERSION}
 */
public record ModuleFile(String path) {

  private static final Pattern PATH = Pattern.compile("[A-Za-z0-9_.,+@=/-]{1,512}");
  private static final Pattern FILE = Pattern.compile("[^/]+\\.ko(\\.gz|\\.xz|\\.zst)?");

  /** The module file of this path; empty if it is none, or a path that leads elsewhere. */
  public static Optional<ModuleFile> of(String path) {
    String relative = path;
    int base = path.indexOf("lib/modules/");
    if (path.startsWith("/")) {
      // Old depmod wrote absolute paths; what follows the version is what later ones write.
      int version = base < 0 ? -1 : path.indexOf('/', base + "lib/modules/".length());
      if (version < 0) {
        return Optional.empty();
      }
      relative = path.substring(version + 1);
    }
    String file = relative.substring(relative.lastIndexOf('/') + 1);
    boolean plain =
        PATH.matcher(relative).matches()
            && FILE.matcher(file).matches()
            && !("/" + relative + "/").contains("/../")
            && !("/" + relative).contains("//");
    return plain ? Optional.of(new ModuleFile(relative)) : Optional.empty();
  }

  /** The name by which the kernel knows the module. */
  public String name() {
    String file = path.substring(path.lastIndexOf('/') + 1);
    return normalized(file.substring(0, file.lastIndexOf(".ko")));
  }

  /** The path without {@code .gz}, {@code .xz} or {@code .zst}. */
  public String uncompressedPath() {
    return path.substring(0, path.lastIndexOf(".ko") + 3);
  }

  /** Module names are written with dashes and underscores; the kernel knows only the latter. */
  public static String normalized(String name) {
    return name.replace('-', '_');
  }
}
