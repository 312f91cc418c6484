package io.hyper2kvm.guest.initramfs.modules;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What modprobe's configuration, or an argument of the kernel's, keeps from being loaded. */
public final class ModuleBlocks {

  private static final Set<String> NOTHING =
      Set.of("/bin/true", "/bin/false", "/usr/bin/true", "/usr/bin/false", "true", "false", ":");

  /** Read by the kernel, by kmod, and by dracut. */
  private static final Set<String> ARGUMENTS =
      Set.of("module_blacklist", "modprobe.blacklist", "rd.driver.blacklist");

  private ModuleBlocks() {}

  /**
   * The place of the first line that keeps a module from being loaded, as {@code FILE:LINE}.
   *
   * @param files texts of modprobe's configuration and of boot entries, by path
   */
  public static Optional<String> of(Map<String, String> files, String module) {
    String name = ModuleFile.normalized(module);
    for (Map.Entry<String, String> file : files.entrySet()) {
      int number = 0;
      for (String line : (Iterable<String>) file.getValue().lines()::iterator) {
        number++;
        if (blocks(line.strip().split("[ \t]+", 4), name) || argumentBlocks(line, name)) {
          return Optional.of(file.getKey() + ":" + number);
        }
      }
    }
    return Optional.empty();
  }

  /** Whether a line has an argument that names the module among those not to be loaded. */
  private static boolean argumentBlocks(String line, String name) {
    if (!line.contains("blacklist=") || line.strip().startsWith("#")) {
      return false;
    }
    for (String word : line.split("[\\s\"']+")) {
      int equals = word.indexOf('=');
      if (equals > 0
          && ARGUMENTS.contains(word.substring(0, equals))
          && List.of(ModuleFile.normalized(word.substring(equals + 1)).split(",")).contains(name)) {
        return true;
      }
    }
    return false;
  }

  private static boolean blocks(String[] words, String name) {
    if (words.length < 2 || !ModuleFile.normalized(words[1]).equals(name)) {
      return false;
    }
    return words[0].equals("blacklist")
        || words[0].equals("install") && words.length > 2 && NOTHING.contains(words[2]);
  }
}
