package io.hyper2kvm.guest.windows;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The file that a driver's service names as its program. */
public final class ServiceImage {

  /** How the folder of Windows is written before a path; at the loader's time there is no other. */
  private static final List<String> ROOTS = List.of("\\systemroot\\", "%systemroot%\\");

  private static final String FOLDER = "system32\\drivers\\";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}\\.(?i:sys)");

  private ServiceImage() {}

  /**
   * Its path below the folder of Windows, with slashes.
   *
   * @param written the value {@code ImagePath}; any text
   * @return empty when it is not in the folder of the drivers, where the loader finds it
   */
  public static Optional<String> path(String written) {
    String path = written.strip();
    for (String root : ROOTS) {
      if (path.toLowerCase(Locale.ROOT).startsWith(root)) {
        path = path.substring(root.length());
        break;
      }
    }
    if (!path.toLowerCase(Locale.ROOT).startsWith(FOLDER)) {
      return Optional.empty();
    }
    String name = path.substring(FOLDER.length());
    return NAME.matcher(name).matches() ? Optional.of(driver(name)) : Optional.empty();
  }

  /** The path of a file in the folder of the drivers, below the folder of Windows. */
  public static String driver(String name) {
    return "System32/drivers/" + name;
  }
}
